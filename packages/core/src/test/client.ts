import { toFetch } from "../asgi/fetch-bridge.ts";
import type { AsgiApplication } from "../asgi/types.ts";
import { EXCEPTION_EXTENSION } from "../handlers/exception-response.ts";
import { CSRF_UNCHECKED_EXTENSION } from "../middleware/csrf.ts";
import { notingTemplates, RenderedTemplates } from "../template/note-templates.ts";
import { CookieJar } from "./cookie-jar.ts";
import { appendQuery, encodeContent, type QueryValues, type RequestContent } from "./request-content.ts";
import { TestResponse } from "./test-response.ts";
import { TestStream } from "./test-stream.ts";
import { TestWebSocket, type WebSocketOptions } from "./test-websocket.ts";

/** What a client's requests have in common. */
export interface ClientOptions {
  /** Rethrow what a view threw instead of giving its 500 page. Default true. */
  readonly raiseRequestException?: boolean;
  /** Have `csrf()` ask this client's forms for their token, as it asks browsers. Default false. */
  readonly enforceCsrf?: boolean;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The host that requests name. Default "localhost". */
  readonly host?: string;
}

/** What a request may be told. */
export interface ClientRequestOptions extends RequestContent {
  readonly headers?: Readonly<Record<string, string>>;
  /** Appended to the path. */
  readonly query?: QueryValues;
  /** Follow redirects; `response.redirects` lists them. Default false. */
  readonly follow?: boolean;
  /** Make the request over https. */
  readonly secure?: boolean;
}

const MAX_REDIRECTS = 20;

/**
 * A browser without a window: makes requests to an application in this process and keeps its cookies.
 * Source: https://docs.djangoproject.com/en/5.2/topics/testing/tools/#the-test-client
 * @example
 * const client = new Client(await getAsgiApplication(settings));
 * const response = await client.post("/books/", { form: { title: "Emma" } });
 * expect(response.status).toBe(302);
 */
export class Client {
  readonly cookies: CookieJar = new CookieJar();
  readonly #application: () => AsgiApplication | Promise<AsgiApplication>;
  readonly #options: ClientOptions;
  /** The templates that were rendered for a response. */
  readonly #templates = new WeakMap<Response, RenderedTemplates>();

  /** @param application The application, or what gives it when the first request is made. */
  constructor(
    application: AsgiApplication | { load(): AsgiApplication | Promise<AsgiApplication> },
    options: ClientOptions = {},
  ) {
    this.#application = typeof application === "function" ? () => application : () => application.load();
    this.#options = options;
  }

  get(path: string, options?: ClientRequestOptions): Promise<TestResponse> {
    return this.request("GET", path, options);
  }

  post(path: string, options?: ClientRequestOptions): Promise<TestResponse> {
    return this.request("POST", path, options);
  }

  put(path: string, options?: ClientRequestOptions): Promise<TestResponse> {
    return this.request("PUT", path, options);
  }

  patch(path: string, options?: ClientRequestOptions): Promise<TestResponse> {
    return this.request("PATCH", path, options);
  }

  delete(path: string, options?: ClientRequestOptions): Promise<TestResponse> {
    return this.request("DELETE", path, options);
  }

  head(path: string, options?: ClientRequestOptions): Promise<TestResponse> {
    return this.request("HEAD", path, options);
  }

  options(path: string, options?: ClientRequestOptions): Promise<TestResponse> {
    return this.request("OPTIONS", path, options);
  }

  /** Makes a request of any method. Throws what the view threw, unless `raiseRequestException` is false. */
  async request(method: string, path: string, options: ClientRequestOptions = {}): Promise<TestResponse> {
    let request = this.#build(method, this.#url(path, options), options);
    const redirects: { url: string; status: number }[] = [];
    for (;;) {
      const response = await this.#send(request);
      this.cookies.store(response.headers, new URL(request.url));
      const next = options.follow === true ? response.headers.get("location") : null;
      if (next === null || response.status < 300 || response.status > 399) {
        return TestResponse.read(response, request.url, redirects, this.#templates.get(response));
      }
      const to = new URL(next, request.url);
      redirects.push({ url: to.href, status: response.status });
      if (redirects.length > MAX_REDIRECTS)
        throw new Error(`${method} ${path} was redirected more than ${MAX_REDIRECTS} times.`);
      const keeps = response.status === 307 || response.status === 308;
      const again = keeps ? method : method === "HEAD" ? "HEAD" : "GET";
      request = this.#build(again, to, keeps ? options : { ...(options.headers && { headers: options.headers }) });
    }
  }

  /**
   * Begins a GET request and gives its response when it has begun, to be read while the view runs. Redirects are not
   * followed. What a view throws later is thrown where the stream is read.
   */
  async stream(path: string, options: Omit<ClientRequestOptions, "follow"> = {}): Promise<TestStream> {
    const url = this.#url(path, options);
    const response = await this.#send(this.#build("GET", url, options));
    this.cookies.store(response.headers, url);
    return new TestStream(response);
  }

  /** Opens a WebSocket. @throws WebSocketClosed where the application refuses it. */
  async websocket(path: string, options: WebSocketOptions = {}): Promise<TestWebSocket> {
    const url = this.#url(path, {});
    const cookies = this.cookies.header(url);
    const headers = { ...(cookies !== "" && { cookie: cookies }), ...this.#options.headers, ...options.headers };
    const silent = this.#options.raiseRequestException === false && { [EXCEPTION_EXTENSION]: undefined };
    const extensions = { ...silent, ...options.extensions };
    return TestWebSocket.open(await this.#application(), url, { ...options, headers, extensions });
  }

  #url(path: string, options: ClientRequestOptions): URL {
    const url = new URL(path, `${options.secure === true ? "https" : "http"}://${this.#options.host ?? "localhost"}`);
    appendQuery(url, options.query);
    return url;
  }

  #build(method: string, url: URL, options: ClientRequestOptions): Request {
    const headers = new Headers({ ...this.#options.headers, ...options.headers });
    const cookies = this.cookies.header(url);
    if (cookies !== "" && !headers.has("cookie")) headers.set("cookie", cookies);
    const { body, contentType } = encodeContent(options);
    if (contentType !== undefined && !headers.has("content-type")) headers.set("content-type", contentType);
    return new Request(url, {
      method,
      headers,
      ...(body !== undefined && { body: body as string | FormData | Uint8Array<ArrayBuffer> }),
    });
  }

  async #send(request: Request): Promise<Response> {
    const { raiseRequestException: raise = true, enforceCsrf = false } = this.#options;
    const thrown: unknown[] = [];
    const extensions = {
      ...(raise && { [EXCEPTION_EXTENSION]: (error: unknown) => thrown.push(error) }),
      ...(!enforceCsrf && { [CSRF_UNCHECKED_EXTENSION]: true }),
    };
    const application = await this.#application();
    const fetch = toFetch(application, { onError: (error) => thrown.push(error), extensions });
    const templates = new RenderedTemplates();
    const response = await notingTemplates(templates, () => fetch(request));
    this.#templates.set(response, templates);
    if (raise && thrown.length > 0) throw thrown[0];
    return response;
  }
}
