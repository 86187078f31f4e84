import type { Bind } from "./bind.ts";
import type { TlsConfig } from "./tls.ts";

/** Whether the application is told of start and end: `auto` goes on without where it does not take part. */
export type LifespanMode = "auto" | "on" | "off";

/** How an application is served. */
export interface ServerConfig {
  /** Where to listen; in place of `host` and `port`. */
  readonly bind?: readonly Bind[] | undefined;
  /** Connections that may wait to be accepted. Default 2048. */
  readonly backlog?: number | undefined;
  /** Default "127.0.0.1". */
  readonly host?: string | undefined;
  /** 0 takes a free port. Default 8000. */
  readonly port?: number | undefined;
  /** Serves https instead of http. */
  readonly tls?: TlsConfig | undefined;
  /** Whether clients over TLS may choose HTTP/2. Default true. */
  readonly http2?: boolean | undefined;
  /** Where the application is mounted, such as "/app", by a proxy in front. Default "". */
  readonly rootPath?: string | undefined;
  /** The header `Server` of responses that have none. Default: no such header. */
  readonly serverHeader?: string | undefined;
  readonly lifespan?: LifespanMode | undefined;
  /** Limits of connections that differ from the defaults. */
  readonly limits?: Partial<Limits> | undefined;
  /** Limits of WebSockets that differ from the defaults. */
  readonly websocket?: Partial<WebSocketLimits> | undefined;
  /** Milliseconds that requests in flight get to finish when the server closes. Default 10,000. */
  readonly gracePeriod?: number | undefined;
  /** Whether a connection takes further requests after its first. Default true. */
  readonly keepAlive?: boolean | undefined;
  /** Receives one line for each answered request. Default: none. */
  readonly accessLog?: ((line: string) => void) | undefined;
  /** gunicorn's atoms, such as `%(h)s "%(r)s" %(s)s`, or "json". Default: client, request line, status, time. */
  readonly accessLogFormat?: string | undefined;
  /** Receives what the application throws. Default: standard error. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** The limits on a WebSocket, in bytes and milliseconds. */
export interface WebSocketLimits {
  /** A longer message ends the connection with 1009. Default 16 MiB. */
  readonly maxMessageSize: number;
  /** A client that leaves more than this unread is cut off when it is sent another message. Default 4 MiB. */
  readonly maxUnsent: number;
  /** Silence after which a client is asked whether it is there; 0 never asks. Default 20,000. */
  readonly pingInterval: number;
  /** How long it may take to answer; then the connection ends with 1011. Default 20,000. */
  readonly pingTimeout: number;
  /** How long a client may take to answer a close. Default 10,000. */
  readonly closeTimeout: number;
  /** Whether messages are compressed where the client offers it. It costs memory for each connection. Default false. */
  readonly deflate: boolean;
}

/** The limits on WebSockets where nothing else is said. */
export const WEBSOCKET_LIMITS: WebSocketLimits = {
  maxMessageSize: 16 * 1024 * 1024,
  maxUnsent: 4 * 1024 * 1024,
  pingInterval: 20_000,
  pingTimeout: 20_000,
  closeTimeout: 10_000,
  deflate: false,
};

/** The limits on a connection of HTTP/2, in milliseconds where nothing else is said. */
export const HTTP2_LIMITS = {
  /** Streams, counted until their applications have ended. */
  maxConcurrentStreams: 100,
  /** Megabytes. */
  maxSessionMemory: 10,
  /** A connection without streams ends. */
  idleTimeout: 60_000,
} as const;

/** The limits on every connection, in milliseconds and bytes where nothing else is said. */
export interface Limits {
  /** How long a request's head may take to come. Default 10,000. */
  readonly headersTimeout: number;
  /** How long a connection may be without a request. Default 5,000. */
  readonly keepAliveTimeout: number;
  /** Requests after which a connection ends. Default 10,000. */
  readonly maxRequestsPerConnection: number;
  /** A longer head is refused with 431. Default 16 KiB. */
  readonly maxHeaderSize: number;
  /** Bytes a second that a request's body must come with, measured after `slowBodyGrace` seconds. Default 500. */
  readonly minBodyRate: number;
  readonly slowBodyGrace: number;
  /** How long a client may leave what it is sent unread, without taking a byte of it. Default 60,000. */
  readonly sendTimeout: number;
  /** Connections; more get 503. Fewer where the process may not open so many files. Default 16,384. */
  readonly maxConnections: number;
}

/**
 * Those of a request's target and of the number of its headers are the bridge's. Source: OWASP on slow HTTP attacks.
 */
export const LIMITS: Limits = {
  headersTimeout: 10_000,
  keepAliveTimeout: 5_000,
  maxRequestsPerConnection: 10_000,
  maxHeaderSize: 16_384,
  minBodyRate: 500,
  slowBodyGrace: 10,
  sendTimeout: 60_000,
  maxConnections: 16_384,
};

/** Requests that wait on one connection until it is not read any more; a packet that is read may hold more. */
export const MAX_PIPELINED_REQUESTS = 16;

/** Only this machine. */
export const DEFAULT_HOST = "127.0.0.1";
/** As Django's. */
export const DEFAULT_PORT = 8000;
/** In milliseconds; containers are killed after 10 s or more. */
export const DEFAULT_GRACE_PERIOD = 10_000;
