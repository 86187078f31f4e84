/** A response as a test sees it: read to its end, its parts at hand without awaiting. */
export class TestResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The body's bytes. */
  readonly content: Uint8Array;
  /** The address that answered. */
  readonly url: string;
  /** The redirects that were followed, in order. */
  readonly redirects: readonly { readonly url: string; readonly status: number }[];

  private constructor(response: Response, content: Uint8Array, url: string, redirects: TestResponse["redirects"]) {
    this.status = response.status;
    this.headers = response.headers;
    this.content = content;
    this.url = url;
    this.redirects = redirects;
  }

  /** Reads a response to its end. */
  static async read(response: Response, url: string, redirects: TestResponse["redirects"] = []): Promise<TestResponse> {
    return new TestResponse(response, new Uint8Array(await response.arrayBuffer()), url, redirects);
  }

  /** Whether the status is 2xx. */
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** The body as text. */
  text(): string {
    return new TextDecoder().decode(this.content);
  }

  /** The body as JSON. */
  json(): unknown {
    return JSON.parse(this.text());
  }
}
