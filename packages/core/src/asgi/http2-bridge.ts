import { constants, type IncomingHttpHeaders, type OutgoingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { ClientDisconnected } from "../exceptions.ts";
import { DISCONNECT, EMPTY_REQUEST, Exchange, gone, type Head, SENT } from "./exchange.ts";
import { type Http2RequestOptions, readHttp2Request } from "./http2-request.ts";
import type { Refusal } from "./request-rules.ts";
import type { AsgiApplication, HeaderPairs, HttpReceiveEvent, HttpScope } from "./types.ts";

export interface Http2BridgeOptions extends Http2RequestOptions {
  /** Called when the application throws, or ends without a complete response. */
  readonly onError: (error: unknown, scope: HttpScope) => void;
}

/** Headers of a connection, which HTTP/2 has other means for: RFC 9113, section 8.2.2. */
const CONNECTION_HEADERS = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"]);

/** One stream of HTTP/2: a request and its response. */
class Http2Exchange extends Exchange {
  readonly #stream: ServerHttp2Stream;
  readonly #trailers: boolean;
  #expectContinue: boolean;
  #bodyRead: boolean;
  #toldEmpty = false;

  constructor(stream: ServerHttp2Stream, scope: HttpScope, expectContinue: boolean) {
    super(scope.method, scope.extensions);
    this.#stream = stream;
    this.#trailers = scope.extensions?.["http.response.trailers"] !== undefined;
    this.#bodyRead = stream.endAfterHeaders;
    this.#expectContinue = expectContinue;
  }

  get closed(): boolean {
    return this.#stream.destroyed || this.#stream.closed;
  }

  readonly receive = async (): Promise<HttpReceiveEvent> => {
    if (this.complete || this.closed) return DISCONNECT;
    if (this.#bodyRead) {
      if (this.#toldEmpty) return this.#disconnected();
      this.#toldEmpty = true;
      return EMPTY_REQUEST;
    }
    if (this.#expectContinue) {
      this.#expectContinue = false;
      this.#stream.additionalHeaders({ ":status": 100 });
    }
    return this.#nextChunk();
  };

  async #nextChunk(): Promise<HttpReceiveEvent> {
    const stream = this.#stream;
    for (;;) {
      const chunk: Buffer | null = stream.read();
      if (chunk !== null) return { type: "http.request", body: chunk, moreBody: true };
      if (stream.readableEnded) {
        this.#bodyRead = this.#toldEmpty = true;
        return EMPTY_REQUEST;
      }
      if (this.closed) return DISCONNECT;
      await new Promise<void>((resolve) => {
        const done = () => {
          stream.off("readable", done).off("end", done).off("close", done);
          resolve();
        };
        stream.on("readable", done).on("end", done).on("close", done);
      });
    }
  }

  #disconnected(): Promise<HttpReceiveEvent> {
    return new Promise((resolve) => {
      this.#stream.once("close", () => resolve(DISCONNECT));
    });
  }

  protected override writeWhole({ status, headers }: Head, body: Uint8Array | string, length: number): void {
    this.#leaveBody();
    this.#stream.respond(outgoing(status, headers), { endStream: length === 0 });
    if (length > 0) this.#stream.end(body);
  }

  protected override writeHead({ status, headers }: Head): void {
    this.#stream.respond(outgoing(status, headers), { waitForTrailers: this.#trailers });
  }

  protected override writePiece(body: Uint8Array | string): Promise<void> {
    if (this.#stream.write(body)) return SENT;
    const stream = this.#stream;
    return new Promise((resolve, reject) => {
      const drained = () => {
        stream.off("close", closed);
        resolve();
      };
      const closed = () => {
        stream.off("drain", drained);
        reject(gone());
      };
      stream.once("drain", drained).once("close", closed);
    });
  }

  protected override writeEnd(trailers: readonly HeaderPairs[]): void {
    if (this.#trailers) {
      const headers = collect(trailers.flat() as (readonly [string, string])[]);
      this.#stream.once("wantTrailers", () => this.#stream.sendTrailers(headers));
    }
    this.#leaveBody();
    this.#stream.end();
  }

  protected override writeEarlyHint(links: readonly string[]): void {
    if (links.length > 0) this.#stream.additionalHeaders({ ":status": 103, link: [...links] });
  }

  #leaveBody(): void {
    if (!this.#bodyRead) leaveBody(this.#stream);
  }

  /** Answers 500 if nothing was written yet, else resets the stream so that the client sees a broken response. */
  fail(): void {
    this.abandon();
    if (this.closed) return;
    // close() would end the body first on Node 24, as if it were whole; an error resets the stream with INTERNAL_ERROR.
    if (this.#stream.headersSent)
      this.#stream.on("error", () => undefined).destroy(new Error("The application failed."));
    else answer(this.#stream, 500, "Internal Server Error");
  }
}

/** What is left of the request's body is not wanted: RFC 9113, section 8.1. */
function leaveBody(stream: ServerHttp2Stream): void {
  stream.once("finish", () => {
    if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
  });
}

/** Headers with the values of a name together, as node:http2 wants them. */
function collect(pairs: Iterable<readonly [string, string]>): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase();
    if (CONNECTION_HEADERS.has(lower)) continue;
    const before = headers[lower];
    headers[lower] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}

function outgoing(status: number, flat: readonly string[]): OutgoingHttpHeaders {
  const pairs: [string, string][] = [];
  for (let index = 0; index < flat.length; index += 2) pairs.push([flat[index] as string, flat[index + 1] as string]);
  return { ...collect(pairs), ":status": status };
}

function answer(stream: ServerHttp2Stream, status: number, text: string, headers: OutgoingHttpHeaders = {}): void {
  if (stream.endAfterHeaders) stream.resume();
  else leaveBody(stream);
  const type = { "content-type": "text/plain; charset=utf-8", "content-length": Buffer.byteLength(text) };
  stream.respond({ ":status": status, ...(text === "" ? {} : type), ...headers });
  // A HEAD request's stream is at its end already.
  if (!stream.writableEnded) stream.end(text);
}

function refuse(stream: ServerHttp2Stream, { status, reason, allow }: Refusal): void {
  answer(stream, status, status === 204 ? "" : `${reason}\n`, allow === undefined ? {} : { allow });
}

/**
 * Runs an application for one stream of node:http2 and writes its response. Never rejects: what the application throws
 * goes to `onError`, and the client gets 500, or a reset stream when the response had begun. A request that is malformed
 * or ambiguous is refused, and the application not called.
 */
export async function handleHttp2Stream(
  application: AsgiApplication,
  stream: ServerHttp2Stream,
  head: { readonly headers: IncomingHttpHeaders; readonly rawHeaders: readonly string[] },
  options: Http2BridgeOptions,
): Promise<void> {
  // A stream that the client resets is told by its end.
  stream.on("error", () => undefined);
  const request = readHttp2Request(head.rawHeaders, stream.session, options);
  if ("reason" in request) {
    refuse(stream, request);
    return;
  }
  const { scope, expectContinue } = request;
  const exchange = new Http2Exchange(stream, scope, expectContinue);
  try {
    await application(scope, exchange.receive, exchange.send);
    if (!exchange.complete && !exchange.closed) throw exchange.unfinished();
  } catch (error) {
    if (!(error instanceof ClientDisconnected)) options.onError(error, scope);
    exchange.fail();
  }
}
