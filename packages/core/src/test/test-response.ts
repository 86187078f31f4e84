import { RenderedTemplates } from "../template/note-templates.ts";

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

  /** The names of the templates that were rendered for it, those they extend and include among them. */
  readonly templates: ReadonlySet<string>;
  /** What its templates were given, by name: `response.context["books"]`. */
  readonly context: Readonly<Record<string, unknown>>;

  private constructor(
    response: Response,
    content: Uint8Array,
    rest: Pick<TestResponse, "url" | "redirects" | "templates" | "context">,
  ) {
    this.status = response.status;
    this.headers = response.headers;
    this.content = content;
    this.url = rest.url;
    this.redirects = rest.redirects;
    this.templates = rest.templates;
    this.context = rest.context;
  }

  /** Reads a response to its end. */
  static async read(
    response: Response,
    url: string,
    redirects: TestResponse["redirects"] = [],
    { names: templates, context }: RenderedTemplates = new RenderedTemplates(),
  ): Promise<TestResponse> {
    const content = new Uint8Array(await response.arrayBuffer());
    return new TestResponse(response, content, { url, redirects, templates, context });
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
