import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import { AsgiProtocolError, ClientDisconnected } from "../exceptions.ts";
import { byteLength, declaredLength, isBodiless, unexpectedEvent, wrongLength } from "./body-rules.ts";
import { parseTarget } from "./target.ts";
import type {
  Address,
  AsgiApplication,
  HeaderPairs,
  HttpReceiveEvent,
  HttpScope,
  ResponseBody,
  ResponseStart,
  SendEvent,
} from "./types.ts";

/** How requests of node:http are handed to an application. */
export interface NodeBridgeOptions {
  /** Called when the application throws, or ends without a complete response. Default: written to standard error. */
  readonly onError?: (error: unknown, scope: HttpScope) => void;
  /** The lifespan's state; each request gets a shallow copy as `scope.state`. */
  readonly state?: Record<string, unknown>;
  /** Changes the scope before the application sees it: trusted proxy headers, a mount point. */
  readonly mapScope?: (scope: HttpScope) => HttpScope;
  /** Send "100 Continue" when the application first reads the body; set it from a `checkContinue` listener. */
  readonly expectContinue?: boolean;
}

const ASGI = Object.freeze({ version: "3.0", specVersion: "2.5" } as const);
const SETTLED = Promise.resolve();
const EMPTY_REQUEST: HttpReceiveEvent = Object.freeze({ type: "http.request", moreBody: false });
const DISCONNECT: HttpReceiveEvent = Object.freeze({ type: "http.disconnect" });

interface Connection {
  readonly client: Address | null;
  readonly server: Address | null;
  readonly scheme: "http" | "https";
}

/** What all requests of one socket share. */
const connections = new WeakMap<object, Connection>();

function connectionOf(request: IncomingMessage): Connection {
  const { socket } = request;
  let connection = connections.get(socket);
  if (connection === undefined) {
    const { remoteAddress, remotePort, localAddress, localPort } = socket;
    connection = {
      client: remoteAddress === undefined ? null : [remoteAddress, remotePort ?? null],
      server: localAddress === undefined ? null : [localAddress, localPort ?? null],
      scheme: (socket as Partial<TLSSocket>).encrypted === true ? "https" : "http",
    };
    connections.set(socket, connection);
  }
  return connection;
}

function headerPairs(rawHeaders: readonly string[]): HeaderPairs {
  const pairs: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    pairs.push([(rawHeaders[index] as string).toLowerCase(), rawHeaders[index + 1] as string]);
  }
  return pairs;
}

/** The scope of a request. `headers` is computed when it is first read, yet an own property: spreading copies it. */
function nodeScope(request: IncomingMessage, state: Record<string, unknown> | undefined): HttpScope {
  const { client, server, scheme } = connectionOf(request);
  const { path, rawPath, queryString } = parseTarget(request.url as string);
  let headers: HeaderPairs | undefined;
  const scope: HttpScope = {
    type: "http",
    asgi: ASGI,
    httpVersion: request.httpVersion as "1.0" | "1.1",
    method: request.method as string,
    scheme,
    path,
    rawPath,
    queryString,
    rootPath: "",
    get headers() {
      headers ??= headerPairs(request.rawHeaders);
      return headers;
    },
    client,
    server,
  };
  return state === undefined ? scope : Object.defineProperty(scope, "state", { value: { ...state }, enumerable: true });
}

/** One request and its response. */
class Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #expectContinue: boolean;
  #bodyRead = false;
  /** Set between the start event and the first body event, when the head is written. */
  #start: ResponseStart | undefined;
  #phase: "new" | "started" | "streaming" | "complete" = "new";
  #bodiless = false;
  #declared: number | undefined;
  #sent = 0;

  constructor(request: IncomingMessage, response: ServerResponse, expectContinue: boolean) {
    this.#request = request;
    this.#response = response;
    this.#expectContinue = expectContinue;
  }

  get headWritten(): boolean {
    return this.#response.headersSent;
  }

  get complete(): boolean {
    return this.#phase === "complete";
  }

  get closed(): boolean {
    return this.#response.destroyed || this.#response.closed;
  }

  readonly receive = async (): Promise<HttpReceiveEvent> => {
    if (this.#phase === "complete" || this.closed) return DISCONNECT;
    if (this.#bodyRead) return this.#disconnected();
    const { headers } = this.#request;
    if (headers["transfer-encoding"] === undefined && (headers["content-length"] ?? "0") === "0") {
      this.#bodyRead = true;
      return EMPTY_REQUEST;
    }
    if (this.#expectContinue) {
      this.#expectContinue = false;
      this.#response.writeContinue();
    }
    return this.#nextChunk();
  };

  async #nextChunk(): Promise<HttpReceiveEvent> {
    const request = this.#request;
    for (;;) {
      const chunk: Buffer | null = request.read();
      if (chunk !== null) return { type: "http.request", body: chunk, moreBody: true };
      if (request.readableEnded) {
        this.#bodyRead = true;
        return EMPTY_REQUEST;
      }
      if (request.destroyed || this.closed) return DISCONNECT;
      await new Promise<void>((resolve) => {
        const events = ["readable", "end", "close", "error"] as const;
        const done = () => {
          for (const event of events) request.off(event, done);
          this.#response.off("close", done);
          resolve();
        };
        for (const event of events) request.on(event, done);
        this.#response.on("close", done);
      });
    }
  }

  #disconnected(): Promise<HttpReceiveEvent> {
    return new Promise((resolve) => {
      this.#response.once("close", () => resolve(DISCONNECT));
    });
  }

  readonly send = (event: SendEvent): Promise<void> => {
    try {
      if (event?.type === "http.response.body") return this.#body(event);
      if (event?.type === "http.response.start") {
        this.#begin(event);
        return SETTLED;
      }
      throw unexpectedEvent(event, "only http.response.start and http.response.body are known");
    } catch (error) {
      return Promise.reject(error);
    }
  };

  #begin(event: ResponseStart): void {
    if (this.#phase !== "new") throw unexpectedEvent(event, "the response has already started");
    if (!Number.isInteger(event.status) || event.status < 200 || event.status > 999) {
      throw new AsgiProtocolError(`A response status is a number from 200 to 999; found ${String(event.status)}.`);
    }
    this.#bodiless = isBodiless(this.#request.method as string, event.status);
    this.#declared = event.headers && declaredLength(event.headers);
    this.#start = event;
    this.#phase = "started";
  }

  #body(event: ResponseBody): Promise<void> {
    if (this.#phase === "new") throw unexpectedEvent(event, "http.response.start comes first");
    if (this.#phase === "complete") throw unexpectedEvent(event, "the response is already complete");
    if (this.closed) throw new ClientDisconnected("The client went away before the response was complete.");
    const body = event.body ?? "";
    const length = byteLength(body);
    const last = event.moreBody !== true;
    this.#sent += length;
    if (!this.#bodiless && this.#declared !== undefined && (this.#sent > this.#declared || last)) {
      if (this.#sent !== this.#declared) throw wrongLength(this.#declared, this.#sent);
    }
    const response = this.#response;
    const start = this.#start;
    if (start !== undefined) {
      this.#start = undefined;
      const head = flatHeaders(start, last ? length : undefined, this.#declared);
      response.writeHead(start.status, head);
      if (last) {
        this.#phase = "complete";
        if (this.#bodiless || length === 0) response.end();
        else endWith(response, body, length, head);
        return SETTLED;
      }
      this.#phase = "streaming";
      response.flushHeaders();
    }
    const flowing = this.#bodiless || length === 0 || response.write(body);
    if (last) {
      this.#phase = "complete";
      response.end();
      return SETTLED;
    }
    return flowing ? SETTLED : this.#drained();
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
        reject(new ClientDisconnected("The client went away before the response was complete."));
      };
      response.once("drain", drained).once("close", closed);
    });
  }

  /** Answers 500 if nothing was written yet, else cuts the connection so that the client sees a broken response. */
  fail(): void {
    this.#phase = "complete";
    if (this.closed) return;
    if (this.headWritten) {
      this.#response.destroy();
      return;
    }
    const text = "Internal Server Error";
    this.#response.writeHead(500, ["content-type", "text/plain; charset=utf-8", "content-length", String(text.length)]);
    this.#response.end(this.#request.method === "HEAD" ? undefined : text);
  }
}

/** The head's headers for node:http. The framing is written here: no `transfer-encoding` of the application's. */
function flatHeaders(start: ResponseStart, length: number | undefined, declared: number | undefined): string[] {
  const flat: string[] = [];
  const noLength = start.status === 204;
  if (start.headers !== undefined) {
    for (const [name, value] of start.headers) {
      if (name.length === 17 && name.toLowerCase() === "transfer-encoding") continue;
      if (noLength && name.length === 14 && name.toLowerCase() === "content-length") continue;
      flat.push(name, value);
    }
  }
  if (length !== undefined && declared === undefined && !noLength && start.status !== 304) {
    flat.push("content-length", String(length));
  }
  return flat;
}

/** Ends a response with its one piece. node:http joins head and text into one write, in the text's encoding. */
function endWith(response: ServerResponse, body: Uint8Array | string, length: number, head: readonly string[]): void {
  if (typeof body !== "string") response.end(body);
  // An ASCII text is the same in latin1, which keeps header values what they are.
  else if (length === body.length) response.end(body, "latin1");
  else response.end(isAscii(head) ? body : Buffer.from(body));
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

/**
 * Runs an application for one request of node:http and writes its response. Never rejects: what the application throws
 * goes to `onError`, and the client gets 500, or a cut connection when the response had begun.
 * Source: https://asgi.readthedocs.io/en/latest/specs/www.html
 */
export async function handleNodeRequest(
  application: AsgiApplication,
  request: IncomingMessage,
  response: ServerResponse,
  options: NodeBridgeOptions = {},
): Promise<void> {
  const exchange = new Exchange(request, response, options.expectContinue === true);
  let scope = nodeScope(request, options.state);
  try {
    if (options.mapScope !== undefined) scope = options.mapScope(scope);
    await application(scope, exchange.receive, exchange.send);
    if (exchange.complete || exchange.closed) return;
    throw new AsgiProtocolError(
      exchange.headWritten
        ? "The ASGI application returned without completing its response."
        : "The ASGI application returned without starting a response.",
    );
  } catch (error) {
    if (!(error instanceof ClientDisconnected)) (options.onError ?? reportToStandardError)(error, scope);
    exchange.fail();
  }
}

/**
 * Makes an application a listener of `http.createServer`. The lifespan is the server's: nothing here starts it.
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
