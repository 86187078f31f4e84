import type { IncomingMessage, ServerResponse } from "node:http";
import { ClientDisconnected } from "../exceptions.ts";
import { closeInStagesAfter, isShort } from "./close-in-stages.ts";
import { DISCONNECT, EMPTY_REQUEST, Exchange, gone, type Head, SENT } from "./exchange.ts";
import { type NodeRequest, readNodeRequest } from "./node-request.ts";
import type { Refusal } from "./request-rules.ts";
import type { AsgiApplication, HeaderPairs, HttpReceiveEvent, HttpScope } from "./types.ts";

/** How requests of node:http are handed to an application. */
export interface NodeBridgeOptions {
  /** Called when the application throws, or ends without a complete response. Default: written to standard error. */
  readonly onError?: (error: unknown, scope: HttpScope) => void;
  /** The lifespan's state; each request gets a shallow copy as `scope.state`. */
  readonly state?: Record<string, unknown> | undefined;
  /** Where the application is mounted, such as "/app". Default: what Express calls `baseUrl`, else "". */
  readonly rootPath?: string | undefined;
  /** Changes the scope before the application sees it. */
  readonly mapScope?: (scope: HttpScope) => HttpScope;
  /** Send "100 Continue" when the application first reads the body; set it from a `checkContinue` listener. */
  readonly expectContinue?: boolean;
}

/** One request of node:http and its response. */
class NodeExchange extends Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #length: number | undefined;
  #expectContinue: boolean;
  #received = 0;
  #bodyRead: boolean;
  #toldEmpty = false;

  constructor(request: IncomingMessage, response: ServerResponse, head: NodeRequest, expectContinue: boolean) {
    super(head.scope.method, head.scope.extensions);
    this.#request = request;
    this.#response = response;
    this.#length = head.length;
    this.#bodyRead = !head.hasBody;
    this.#expectContinue = expectContinue;
  }

  get closed(): boolean {
    return this.#response.destroyed || this.#response.closed;
  }

  readonly receive = (): Promise<HttpReceiveEvent> => {
    if (this.complete || this.closed) return Promise.resolve(DISCONNECT);
    if (this.#bodyRead) {
      if (this.#toldEmpty) return this.#disconnected();
      this.#toldEmpty = true;
      return Promise.resolve(EMPTY_REQUEST);
    }
    if (this.#expectContinue) {
      this.#expectContinue = false;
      this.#response.writeContinue();
    }
    return this.#nextChunk();
  };

  async #nextChunk(): Promise<HttpReceiveEvent> {
    const request = this.#request;
    // A small body comes in one packet with its head, and is there once the parser has gone on.
    if (request.readableLength === 0) await undefined;
    for (;;) {
      const chunk: Buffer | null = request.read();
      if (chunk !== null) {
        this.#received += chunk.length;
        // The last byte and its end come together: one event tells both.
        const last = this.#received === this.#length || (request.complete && request.readableLength === 0);
        if (last) this.#bodyRead = this.#toldEmpty = true;
        return { type: "http.request", body: chunk, moreBody: !last };
      }
      if (request.readableEnded || (request.complete && request.readableLength === 0)) {
        this.#bodyRead = this.#toldEmpty = true;
        return EMPTY_REQUEST;
      }
      if (request.destroyed || this.closed) return DISCONNECT;
      await this.#readable();
    }
  }

  /** Waits until there is more to read, or nothing more will come. */
  #readable(): Promise<void> {
    const request = this.#request;
    return new Promise((resolve) => {
      // "readable" also comes at the end, "close" also after an error.
      const done = () => {
        request.off("readable", done).off("close", done);
        resolve();
      };
      request.on("readable", done).on("close", done);
    });
  }

  #disconnected(): Promise<HttpReceiveEvent> {
    return new Promise((resolve) => {
      this.#response.once("close", () => resolve(DISCONNECT));
    });
  }

  /** What is left of the request's body must not be taken for the next request, nor be read without end. */
  #leaveBody(): void {
    if (this.#bodyRead || this.#request.complete) return;
    if (isShort(this.#length) && !this.#expectContinue) return;
    this.#response.shouldKeepAlive = false;
    closeInStagesAfter(this.#request);
  }

  protected override writeWhole({ status, headers }: Head, body: Uint8Array | string, length: number): void {
    const response = this.#response;
    if (!this.#bodyRead) this.#leaveBody();
    response.writeHead(status, headers);
    if (length === 0) response.end();
    else if (typeof body !== "string") response.end(body);
    // An ASCII text is the same in latin1, which keeps header values what they are; node:http joins both in one write.
    else if (length === body.length) response.end(body, "latin1");
    else response.end(isAscii(headers) ? body : Buffer.from(body));
  }

  protected override writeHead({ status, headers }: Head): void {
    this.#response.writeHead(status, headers);
    this.#response.flushHeaders();
  }

  protected override writePiece(body: Uint8Array | string): Promise<void> {
    return this.#response.write(body) ? SENT : this.#drained();
  }

  #drained(): Promise<void> {
    const response = this.#response;
    return new Promise((resolve, reject) => {
      const drained = () => {
        response.off("close", closed);
        resolve();
      };
      const closed = () => {
        response.off("drain", drained);
        reject(gone());
      };
      response.once("drain", drained).once("close", closed);
    });
  }

  protected override writeEnd(trailers: readonly HeaderPairs[]): void {
    if (trailers.length > 0) this.#response.addTrailers(trailers.flat() as [string, string][]);
    if (!this.#bodyRead) this.#leaveBody();
    this.#response.end();
  }

  protected override writeEarlyHint(links: readonly string[]): void {
    if (links.length > 0) this.#response.writeEarlyHints({ link: [...links] });
  }

  /** Answers 500 if nothing was written yet, else cuts the connection so that the client sees a broken response. */
  fail(): void {
    this.abandon();
    if (this.closed) return;
    if (this.#response.headersSent) {
      this.#response.destroy();
      return;
    }
    const text = "Internal Server Error";
    if (!this.#bodyRead) this.#leaveBody();
    const headers = ["content-type", "text/plain; charset=utf-8", "content-length", String(text.length)];
    // The phrase is named, as a head that could not be written has left its own.
    this.#response.writeHead(500, text, headers);
    this.#response.end(this.#request.method === "HEAD" ? undefined : text);
  }
}

function isAscii(texts: readonly string[]): boolean {
  for (const text of texts) {
    for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false;
  }
  return true;
}

function reportToStandardError(error: unknown): void {
  console.error(error);
}

/** Answers a request that no application may see; its connection ends, as what follows on it cannot be trusted. */
function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, reason, allow } = refusal;
  const headers = allow === undefined ? [] : ["allow", allow];
  if (status === 204) {
    response.writeHead(204, headers).end();
    return;
  }
  response.shouldKeepAlive = false;
  closeInStagesAfter(request);
  const text = `${reason}\n`;
  headers.push("content-type", "text/plain; charset=utf-8", "content-length", String(Buffer.byteLength(text)));
  response.writeHead(status, headers).end(request.method === "HEAD" ? undefined : text);
}

/**
 * Runs an application for one request of node:http and writes its response. Never rejects: what the application throws
 * goes to `onError`, and the client gets 500, or a cut connection when the response had begun. A request that is
 * malformed or ambiguous is refused, and the application not called.
 * Source: https://asgi.readthedocs.io/en/latest/specs/www.html
 */
export function handleNodeRequest(
  application: AsgiApplication,
  request: IncomingMessage,
  response: ServerResponse,
  options: NodeBridgeOptions = {},
): Promise<void> {
  const head = readNodeRequest(request, options);
  if ("reason" in head) {
    refuse(request, response, head);
    return SENT;
  }
  const exchange = new NodeExchange(request, response, head, options.expectContinue === true);
  let { scope } = head;
  let running: Promise<void>;
  try {
    if (options.mapScope !== undefined) scope = options.mapScope(scope);
    running = application(scope, exchange.receive, exchange.send);
  } catch (error) {
    running = Promise.reject(error);
  }
  // It has answered already.
  return running === SENT && exchange.complete ? SENT : settled(running, exchange, scope, options.onError);
}

async function settled(
  running: Promise<void>,
  exchange: NodeExchange,
  scope: HttpScope,
  onError: NodeBridgeOptions["onError"] = reportToStandardError,
): Promise<void> {
  try {
    await running;
    if (!exchange.complete && !exchange.closed) throw exchange.unfinished();
  } catch (error) {
    if (!(error instanceof ClientDisconnected)) onError(error, scope);
    exchange.fail();
  }
}

/**
 * Makes an application a listener of `http.createServer`, or a handler of Express. The lifespan is the server's:
 * nothing here starts it.
 * @example
 * import { createServer } from "node:http";
 * import { toNodeListener } from "tsjango/asgi";
 * createServer(toNodeListener(application)).listen(8000);
 */
export function toNodeListener(
  application: AsgiApplication,
  options: NodeBridgeOptions = {},
): (request: IncomingMessage, response: ServerResponse) => void {
  return function asgiListener(request, response) {
    void handleNodeRequest(application, request, response, options);
  };
}
