import { DEFAULT_FORMAT } from "../access-log.ts";
import { DEFAULT_BACKLOG } from "../bind.ts";
import { LIMITS, type LifespanMode, WEBSOCKET_LIMITS } from "../config.ts";

/** How a site is served. Times are seconds, sizes bytes; each name is that of a flag of `serve`. */
export interface ServeSettings {
  /** Addresses as `--bind` takes them: `"0.0.0.0:8000"`, `"unix:/run/site.sock"`, `"fd://3"`. */
  readonly bind: readonly string[];
  /** Processes. `"auto"`: as many as there are processors for this one. */
  readonly workers: number | "auto";
  /** How long a worker may not come to its next event before it is killed; 0: for ever. */
  readonly timeout: number;
  /** How long a worker may take to become ready; 0: for ever. */
  readonly startupTimeout: number;
  /** How long requests in flight may take to finish when their worker ends. */
  readonly gracefulTimeout: number;
  /** How long connections are still accepted after SIGTERM, while the readiness endpoint says 503 already. */
  readonly drainDelay: number;
  /** Requests after which a worker is replaced; 0: none. */
  readonly maxRequests: number;
  /** Up to so many requests more, at random, that workers do not end together. */
  readonly maxRequestsJitter: number;
  /** Resident memory from which a worker is replaced; 0: any. */
  readonly maxMemory: number;
  /** Up to so many bytes more, at random. */
  readonly maxMemoryJitter: number;
  /** The file that holds the process's id while it serves. */
  readonly pidFile: string | undefined;
  /** The path of the health endpoints, such as `"/healthz"`: `/healthz/live` and `/healthz/ready`. */
  readonly health: string | undefined;
  readonly lifespan: LifespanMode;
  readonly accessLog: boolean;
  /** Where its lines go; "-" is the standard output. Opened anew at SIGUSR1. */
  readonly accessLogFile: string;
  /** gunicorn's atoms, such as `%(h)s "%(r)s" %(s)s`, or "json". */
  readonly accessLogFormat: string;
  /** Connections that may wait to be accepted; the system's own limit may be lower. */
  readonly backlog: number;
  /** Connections of a worker; more get 503. Fewer where it may not open so many files. */
  readonly maxConnections: number;
  /** How long a request's head may take to come. */
  readonly headersTimeout: number;
  /** How long a connection may be without a request. */
  readonly keepAlive: number;
  /** Requests after which a connection ends. */
  readonly maxRequestsPerConnection: number;
  /** A longer head of a request is refused with 431. */
  readonly maxHeaderSize: number;
  /** Bytes a second that a request's body must come with, after its first 10 seconds. */
  readonly minBodyRate: number;
  /** How long a client may leave what it is sent unread. */
  readonly sendTimeout: number;
  /** Where a proxy in front mounts the application, such as "/app". */
  readonly rootPath: string;
  /** The header `Server` of responses that have none. */
  readonly serverHeader: string | undefined;
  /** The file of the key for https. */
  readonly tlsKey: string | undefined;
  /** The file of its certificate, with those between it and the root after it. */
  readonly tlsCert: string | undefined;
  /** Of an encrypted key; better in the environment, as TSJANGO_TLS_KEY_PASSWORD. */
  readonly tlsKeyPassword: string | undefined;
  /** The file of the authorities that clients' certificates are checked against. */
  readonly tlsCa: string | undefined;
  readonly tlsClientCertificates: "none" | "optional" | "required";
  readonly tlsMinVersion: "TLSv1.2" | "TLSv1.3";
  /** OpenSSL's list. */
  readonly tlsCiphers: string | undefined;
  /** Whether clients over https may choose HTTP/2. */
  readonly http2: boolean;
  /** A longer message ends its WebSocket with 1009. */
  readonly websocketMaxSize: number;
  /** Silence after which a WebSocket's client is asked whether it is there; 0 never asks. */
  readonly websocketPingInterval: number;
  /** How long it may take to answer. */
  readonly websocketPingTimeout: number;
  /** Whether messages are compressed where the client offers it. */
  readonly websocketDeflate: boolean;
}

/** How `serve` runs where nothing else is said. */
export const DEFAULT_SETTINGS: ServeSettings = {
  bind: ["127.0.0.1:8000"],
  workers: 1,
  timeout: 30,
  startupTimeout: 60,
  gracefulTimeout: 30,
  drainDelay: 0,
  maxRequests: 0,
  maxRequestsJitter: 0,
  maxMemory: 0,
  maxMemoryJitter: 0,
  pidFile: undefined,
  health: undefined,
  lifespan: "auto",
  accessLog: true,
  accessLogFile: "-",
  accessLogFormat: DEFAULT_FORMAT,
  backlog: DEFAULT_BACKLOG,
  maxConnections: LIMITS.maxConnections,
  headersTimeout: LIMITS.headersTimeout / 1000,
  keepAlive: LIMITS.keepAliveTimeout / 1000,
  maxRequestsPerConnection: LIMITS.maxRequestsPerConnection,
  maxHeaderSize: LIMITS.maxHeaderSize,
  minBodyRate: LIMITS.minBodyRate,
  sendTimeout: LIMITS.sendTimeout / 1000,
  rootPath: "",
  serverHeader: undefined,
  tlsKey: undefined,
  tlsCert: undefined,
  tlsKeyPassword: undefined,
  tlsCa: undefined,
  tlsClientCertificates: "none",
  tlsMinVersion: "TLSv1.2",
  tlsCiphers: undefined,
  http2: true,
  websocketMaxSize: WEBSOCKET_LIMITS.maxMessageSize,
  websocketPingInterval: WEBSOCKET_LIMITS.pingInterval / 1000,
  websocketPingTimeout: WEBSOCKET_LIMITS.pingTimeout / 1000,
  websocketDeflate: WEBSOCKET_LIMITS.deflate,
};

/** What is served, and how; it travels to workers as a message. */
export interface ServeOptions extends ServeSettings {
  /** `"mysite.asgi:application"`. */
  readonly application: string;
  /** The directory that `application` is seen from. */
  readonly cwd: string;
  /** The file whose default export holds hooks. */
  readonly configFile: string | undefined;
}

/** Where a supervisor writes. */
export interface ServeOutput {
  log(line: string): void;
  error(line: string): void;
}
