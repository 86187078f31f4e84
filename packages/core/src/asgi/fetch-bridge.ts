import { AsgiProtocolError, ClientDisconnected } from "../exceptions.ts";
import { isBodiless, unexpectedEvent } from "./body-rules.ts";
import { parseTarget } from "./target.ts";
import type { AsgiApplication, HttpReceiveEvent, HttpScope, ResponseBody, SendEvent } from "./types.ts";

/** How web requests are handed to an application. */
export interface FetchBridgeOptions {
  /** Called when the application throws. Default: written to standard error. */
  readonly onError?: (error: unknown, scope: HttpScope) => void;
  /** Entries of `scope.extensions`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

const ASGI = Object.freeze({ version: "3.0", specVersion: "2.5" } as const);

function fetchScope(request: Request, extensions: Readonly<Record<string, unknown>> | undefined): HttpScope {
  const url = new URL(request.url);
  const headers: [string, string][] = [...request.headers];
  if (!request.headers.has("host")) headers.unshift(["host", url.host]);
  return {
    type: "http",
    asgi: ASGI,
    httpVersion: "1.1",
    method: request.method,
    scheme: url.protocol === "https:" ? "https" : "http",
    ...parseTarget(url.pathname + url.search),
    rootPath: "",
    headers,
    client: null,
    server: [url.hostname, url.port === "" ? null : Number(url.port)],
    ...(extensions && { extensions }),
  };
}

/** One web request: a body stream read on demand, a response stream with back-pressure. */
class FetchExchange {
  readonly response: Promise<Response>;
  readonly #request: Request;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #gone = Promise.withResolvers<void>();
  readonly #answer = Promise.withResolvers<Response>();
  #bodyRead = false;
  #start: { status: number; headers: Headers } | undefined;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #wanted = Promise.withResolvers<void>();
  #phase: "new" | "started" | "complete" = "new";
  #disconnected = false;

  constructor(request: Request) {
    this.#request = request;
    this.#reader = request.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
    this.response = this.#answer.promise;
    if (request.signal.aborted) this.#disconnect();
    else request.signal.addEventListener("abort", () => this.#disconnect(), { once: true });
  }

  get complete(): boolean {
    return this.#phase === "complete" || this.#disconnected;
  }

  readonly receive = async (): Promise<HttpReceiveEvent> => {
    if (this.#disconnected || this.#phase === "complete") return { type: "http.disconnect" };
    if (!this.#bodyRead) {
      const { done, value } = (await this.#reader?.read()) ?? { done: true, value: undefined };
      if (!done && value !== undefined) return { type: "http.request", body: value, moreBody: true };
      this.#bodyRead = true;
      return { type: "http.request", moreBody: false };
    }
    await this.#gone.promise;
    return { type: "http.disconnect" };
  };

  readonly send = async (event: SendEvent): Promise<void> => {
    if (event?.type === "http.response.start") {
      if (this.#phase !== "new") throw unexpectedEvent(event, "the response has already started");
      const headers = new Headers();
      for (const [name, value] of event.headers ?? []) headers.append(name, value);
      headers.delete("transfer-encoding");
      this.#start = { status: event.status, headers };
      this.#phase = "started";
    } else if (event?.type === "http.response.body") {
      await this.#body(event);
    } else {
      throw unexpectedEvent(event, "only http.response.start and http.response.body are known");
    }
  };

  async #body(event: ResponseBody): Promise<void> {
    if (this.#phase === "new") throw unexpectedEvent(event, "http.response.start comes first");
    if (this.#phase === "complete") throw unexpectedEvent(event, "the response is already complete");
    if (this.#disconnected) throw new ClientDisconnected("The client went away before the response was complete.");
    const bytes = typeof event.body === "string" ? Buffer.from(event.body) : event.body;
    const last = event.moreBody !== true;
    const start = this.#start;
    if (start !== undefined) {
      this.#start = undefined;
      const bodiless = isBodiless(this.#request.method, start.status);
      if (last || bodiless) {
        if (last) this.#finish();
        const length = String(bytes?.byteLength ?? 0);
        if (last && start.status !== 204 && start.status !== 304 && !start.headers.has("content-length")) {
          start.headers.set("content-length", length);
        }
        const body = bodiless ? null : ((bytes ?? null) as Uint8Array<ArrayBuffer> | null);
        this.#answer.resolve(new Response(body, start));
        return;
      }
      this.#answer.resolve(new Response(this.#stream(), start));
    }
    if (this.#controller !== undefined) {
      if (bytes !== undefined && bytes.byteLength > 0) this.#controller.enqueue(bytes);
      if (last) this.#controller.close();
      else if ((this.#controller.desiredSize ?? 0) <= 0) {
        this.#wanted = Promise.withResolvers();
        await this.#wanted.promise;
      }
    }
    if (last) this.#finish();
  }

  #stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return new ReadableStream({
      start: (controller) => {
        this.#controller = controller as ReadableStreamDefaultController<Uint8Array>;
      },
      pull: () => this.#wanted.resolve(),
      cancel: () => this.#disconnect(),
    });
  }

  #finish(): void {
    this.#phase = "complete";
    this.#gone.resolve();
  }

  #disconnect(): void {
    this.#disconnected = true;
    this.#gone.resolve();
    this.#wanted.resolve();
    this.#answer.reject(this.#request.signal.reason ?? new ClientDisconnected("The response was cancelled."));
    this.#answer.promise.catch(() => undefined);
  }

  /** Answers 500 where no response began, else breaks its stream. */
  fail(error: unknown): void {
    if (this.#phase === "new" || this.#start !== undefined) {
      const headers = { "content-type": "text/plain; charset=utf-8" };
      this.#answer.resolve(new Response("Internal Server Error", { status: 500, headers }));
    } else if (!this.#disconnected) {
      this.#controller?.error(error);
    }
    this.#finish();
  }
}

/**
 * Makes an application a function of web standards, `(Request) => Promise<Response>`. The lifespan is not run.
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
      if (!exchange.complete) {
        throw new AsgiProtocolError("The ASGI application returned without completing its response.");
      }
    } catch (error) {
      if (!(error instanceof ClientDisconnected)) (options.onError ?? console.error)(error, scope);
      exchange.fail(error);
    }
  }
  return function asgiFetch(request) {
    const exchange = new FetchExchange(request);
    void run(exchange, fetchScope(request, options.extensions));
    return exchange.response;
  };
}
