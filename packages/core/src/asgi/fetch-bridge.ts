import { ClientDisconnected } from "../exceptions.ts";
import { Exchange, gone, type Head } from "./exchange.ts";
import { MAX_TARGET, type Refusal, refusePath } from "./request-rules.ts";
import { parseTarget } from "./target.ts";
import type { AsgiApplication, HttpReceiveEvent, HttpScope } from "./types.ts";

/** How web requests are handed to an application. */
export interface FetchBridgeOptions {
  /** Called when the application throws. Default: written to standard error. */
  readonly onError?: (error: unknown, scope: HttpScope) => void;
  /** Entries of `scope.extensions`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** Where the application is mounted, such as "/app". Default "". */
  readonly rootPath?: string;
  /** The client's IP address, where the host knows it. */
  readonly clientAddress?: string;
}

const ASGI = Object.freeze({ version: "3.0", specVersion: "2.5" } as const);
const SETTLED = Promise.resolve();
/** How many bytes may wait for a reader before the application does. */
const HIGH_WATER_MARK = 64 * 1024;

function fetchScope(request: Request, options: FetchBridgeOptions): HttpScope {
  const url = new URL(request.url);
  const headers: [string, string][] = [...request.headers].filter(([name]) => !name.includes("_"));
  if (!request.headers.has("host")) headers.unshift(["host", url.host]);
  // A web request does not say how its body is framed; applications tell by this that there is one.
  if (request.body !== null && !request.headers.has("content-length")) headers.push(["transfer-encoding", "chunked"]);
  const { path, rawPath, queryString } = parseTarget(url.pathname + url.search);
  return {
    type: "http",
    asgi: ASGI,
    httpVersion: "1.1",
    method: request.method,
    scheme: url.protocol === "https:" ? "https" : "http",
    path,
    rawPath,
    queryString,
    rootPath: options.rootPath ?? "",
    headers,
    client: options.clientAddress === undefined ? null : [options.clientAddress, null],
    server: [url.hostname, url.port === "" ? null : Number(url.port)],
    ...(options.extensions && { extensions: options.extensions }),
  };
}

/** Why a request is refused; of the rules for raw ones, those that a parsed URL can break. */
function refuse(request: Request): Refusal | undefined {
  const { pathname, search } = new URL(request.url);
  if (pathname.length + search.length > MAX_TARGET) {
    return { status: 414, reason: `The target is longer than ${MAX_TARGET} characters.` };
  }
  return refusePath(pathname);
}

/** One web request: a body stream read on demand, a response stream with back-pressure. */
class FetchExchange extends Exchange {
  readonly response: Promise<Response>;
  readonly #signal: AbortSignal;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #gone = Promise.withResolvers<void>();
  readonly #answer = Promise.withResolvers<Response>();
  #bodyRead = false;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #wanted = Promise.withResolvers<void>();
  #disconnected = false;

  constructor(request: Request, scope: HttpScope) {
    super(scope.method, scope.extensions);
    this.#signal = request.signal;
    this.#reader = request.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
    this.response = this.#answer.promise;
    if (request.signal.aborted) this.#disconnect();
    else request.signal.addEventListener("abort", this.#disconnect, { once: true });
  }

  get closed(): boolean {
    return this.#disconnected;
  }

  readonly receive = async (): Promise<HttpReceiveEvent> => {
    if (this.#disconnected || this.complete) return { type: "http.disconnect" };
    if (!this.#bodyRead) {
      try {
        const { done, value } = (await this.#reader?.read()) ?? { done: true, value: undefined };
        if (!done && value !== undefined) return { type: "http.request", body: value, moreBody: true };
      } catch {
        // The body broke off: the client is gone.
        this.#disconnect();
        return { type: "http.disconnect" };
      }
      this.#bodyRead = true;
      return { type: "http.request", moreBody: false };
    }
    await this.#gone.promise;
    return { type: "http.disconnect" };
  };

  protected override writeWhole(head: Head, body: Uint8Array | string, length: number): void {
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    this.#answer.resolve(respond(head, length === 0 ? null : (bytes as Uint8Array<ArrayBuffer>)));
    this.#finish();
  }

  protected override writeHead(head: Head): void {
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start: (controller) => {
          this.#controller = controller as ReadableStreamDefaultController<Uint8Array>;
        },
        pull: () => this.#wanted.resolve(),
        cancel: this.#disconnect,
      },
      new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_MARK }),
    );
    const empty = head.status === 204 || head.status === 205 || head.status === 304;
    this.#answer.resolve(respond(head, empty ? null : stream));
  }

  protected override writePiece(body: Uint8Array | string): Promise<void> {
    const controller = this.#controller as ReadableStreamDefaultController<Uint8Array>;
    controller.enqueue(typeof body === "string" ? Buffer.from(body) : body);
    if ((controller.desiredSize ?? 0) > 0) return SETTLED;
    this.#wanted = Promise.withResolvers();
    return this.#wanted.promise.then(() => {
      if (this.#disconnected) throw gone();
    });
  }

  protected override writeEnd(): void {
    if (!this.#disconnected) this.#controller?.close();
    this.#finish();
  }

  // A web response has nothing before it; a hint may be left out.
  protected override writeEarlyHint(): void {}

  #finish(): void {
    this.#signal.removeEventListener("abort", this.#disconnect);
    // Nobody will read the rest.
    if (!this.#bodyRead) this.#reader?.cancel().catch(() => undefined);
    this.#gone.resolve();
  }

  readonly #disconnect = (): void => {
    this.#disconnected = true;
    this.#gone.resolve();
    this.#wanted.resolve();
    this.#answer.reject(this.#signal.reason ?? gone());
    this.#answer.promise.catch(() => undefined);
  };

  /** Answers 500 where no response began, else breaks its stream. */
  fail(error: unknown): void {
    const { begun } = this;
    this.abandon();
    if (!begun) this.#answer.resolve(plainText(500, "Internal Server Error"));
    else if (!this.#disconnected) this.#controller?.error(error);
    this.#finish();
  }
}

function respond(
  { status, headers }: Head,
  body: ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer> | null,
): Response {
  const pairs = new Headers();
  for (let index = 0; index < headers.length; index += 2) {
    pairs.append(headers[index] as string, headers[index + 1] as string);
  }
  return new Response(body, { status, headers: pairs });
}

function plainText(status: number, text: string): Response {
  return new Response(text, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}

/**
 * Makes an application a function of web standards, `(Request) => Promise<Response>`. The lifespan is not run. A client
 * that goes away is told by `request.signal`, and by the response's body being cancelled.
 * @example
 * const fetch = toFetch(application);
 * const response = await fetch(new Request("http://localhost/books/"));
 */
export function toFetch(
  application: AsgiApplication,
  options: FetchBridgeOptions = {},
): (request: Request) => Promise<Response> {
  async function run(exchange: FetchExchange, scope: HttpScope): Promise<void> {
    try {
      await application(scope, exchange.receive, exchange.send);
      if (!exchange.complete && !exchange.closed) throw exchange.unfinished();
    } catch (error) {
      if (!(error instanceof ClientDisconnected)) (options.onError ?? console.error)(error, scope);
      exchange.fail(error);
    }
  }
  return function asgiFetch(request) {
    const refusal = refuse(request);
    if (refusal !== undefined) return Promise.resolve(plainText(refusal.status, `${refusal.reason}\n`));
    const scope = fetchScope(request, options);
    const exchange = new FetchExchange(request, scope);
    void run(exchange, scope);
    return exchange.response;
  };
}
