/**
 * The vocabulary between a server and an application: ASGI 3.0 (HTTP and WebSocket 2.5, lifespan 2.0) in TypeScript.
 * Keys are camelCase, event types keep ASGI's names. Header names and values are strings of one character a byte
 * (latin1), names in lower case. Source: https://asgi.readthedocs.io/en/latest/specs/
 */

/** Header name and value pairs, in order, duplicates kept. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** Host and port; a unix socket's path with null. */
export type Address = readonly [host: string, port: number | null];

export interface AsgiVersions {
  readonly version: "3.0";
  readonly specVersion: string;
}

interface ConnectionScope {
  readonly asgi: AsgiVersions;
  readonly httpVersion: "1.0" | "1.1" | "2";
  /** The path, percent-decoded and then UTF-8-decoded, without the query; includes `rootPath`. */
  readonly path: string;
  /** The path as it was sent. */
  readonly rawPath: string;
  /** Still percent-encoded; empty if there is none. */
  readonly queryString: string;
  /** Where the application is mounted; empty at the top. */
  readonly rootPath: string;
  /** May be computed on first read, but is an own property: a copy by spreading has it. */
  readonly headers: HeaderPairs;
  readonly client: Address | null;
  readonly server: Address | null;
  /** A shallow copy of what the lifespan put there; absent where the server has none. */
  readonly state?: Record<string, unknown>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface HttpScope extends ConnectionScope {
  readonly type: "http";
  readonly method: string;
  readonly scheme: "http" | "https";
}

export interface WebSocketScope extends ConnectionScope {
  readonly type: "websocket";
  readonly scheme: "ws" | "wss";
  readonly subprotocols: readonly string[];
}

export interface LifespanScope {
  readonly type: "lifespan";
  readonly asgi: AsgiVersions;
  readonly state?: Record<string, unknown>;
}

export type Scope = HttpScope | WebSocketScope | LifespanScope;

export type HttpReceiveEvent =
  | { readonly type: "http.request"; readonly body?: Uint8Array; readonly moreBody?: boolean }
  | { readonly type: "http.disconnect" };

export interface ResponseStart {
  readonly type: "http.response.start";
  readonly status: number;
  readonly headers?: HeaderPairs;
  /** Whether `http.response.trailers` follows the last piece; where the extension of that name is offered. */
  readonly trailers?: boolean;
}

/** A piece of the body; a string is sent as UTF-8. */
export interface ResponseBody {
  readonly type: "http.response.body";
  readonly body?: Uint8Array | string;
  readonly moreBody?: boolean;
}

/** Headers after the body: the extension `http.response.trailers`. */
export interface ResponseTrailers {
  readonly type: "http.response.trailers";
  readonly headers?: HeaderPairs;
  readonly moreTrailers?: boolean;
}

/** `Link` values that are sent before the response: the extension `http.response.early_hint`. */
export interface EarlyHint {
  readonly type: "http.response.early_hint";
  readonly links: readonly string[];
}

export type HttpSendEvent = ResponseStart | ResponseBody | ResponseTrailers | EarlyHint;

export type WebSocketReceiveEvent =
  | { readonly type: "websocket.connect" }
  | { readonly type: "websocket.receive"; readonly bytes?: Uint8Array | null; readonly text?: string | null }
  | { readonly type: "websocket.disconnect"; readonly code: number; readonly reason: string };

export interface WebSocketAccept {
  readonly type: "websocket.accept";
  readonly subprotocol?: string | null;
  readonly headers?: HeaderPairs;
}

/** A message: either a text or bytes. */
export interface WebSocketMessage {
  readonly type: "websocket.send";
  readonly bytes?: Uint8Array | null;
  readonly text?: string | null;
}

export interface WebSocketClose {
  readonly type: "websocket.close";
  readonly code?: number;
  readonly reason?: string;
}

/** An answer of HTTP to the handshake: the extension `websocket.http.response`. */
export type WebSocketResponse =
  | { readonly type: "websocket.http.response.start"; readonly status: number; readonly headers?: HeaderPairs }
  | {
      readonly type: "websocket.http.response.body";
      readonly body?: Uint8Array | string;
      readonly moreBody?: boolean;
    };

export type WebSocketSendEvent = WebSocketAccept | WebSocketMessage | WebSocketClose | WebSocketResponse;

export type LifespanReceiveEvent = { readonly type: "lifespan.startup" } | { readonly type: "lifespan.shutdown" };

export type LifespanSendEvent =
  | { readonly type: "lifespan.startup.complete" }
  | { readonly type: "lifespan.startup.failed"; readonly message?: string }
  | { readonly type: "lifespan.shutdown.complete" }
  | { readonly type: "lifespan.shutdown.failed"; readonly message?: string };

export type ReceiveEvent = HttpReceiveEvent | WebSocketReceiveEvent | LifespanReceiveEvent;
export type SendEvent = HttpSendEvent | WebSocketSendEvent | LifespanSendEvent;

/** Gives the next event of this connection. */
export type Receive = () => Promise<ReceiveEvent>;
/** Sends an event; resolves when it may be followed by another, rejects when it is not valid here. */
export type Send = (event: SendEvent) => Promise<void>;

/** An ASGI 3.0 application: called once for each request, WebSocket connection and lifespan. */
export type AsgiApplication = (scope: Scope, receive: Receive, send: Send) => Promise<void>;
