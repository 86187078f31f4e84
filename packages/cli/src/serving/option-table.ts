import type { ServeSettings } from "@tsjango/server";
import {
  count,
  flag,
  oneOf,
  type Reader,
  seconds,
  secondsAboveZero,
  size,
  text,
  texts,
  urlPath,
  workers,
} from "./readers.ts";

/** An option of `serve`: as a flag, and as a key of `tsjango.server.ts`. */
export interface ServeOption<T> {
  /** A flag that begins with `--no-` says false. */
  readonly flags: string;
  readonly description: string;
  readonly reader: Reader<T>;
  /** Given again, the flag adds to the list. */
  readonly repeatable?: boolean;
}

/** Every option of `serve`, in the order of its help. */
export const OPTION_TABLE: { readonly [K in keyof ServeSettings]-?: ServeOption<NonNullable<ServeSettings[K]>> } = {
  workers: {
    flags: "-w, --workers <count>",
    description: "processes, or auto (default: WEB_CONCURRENCY or 1)",
    reader: workers,
  },
  bind: {
    flags: "-b, --bind <address>",
    description: "host:port, unix:/path, fd://3; repeatable (default: 127.0.0.1, port from PORT or 8000)",
    reader: texts,
    repeatable: true,
  },
  timeout: {
    flags: "--timeout <seconds>",
    description: "how long a worker may be blocked before it is killed; 0: for ever (default: 30)",
    reader: seconds,
  },
  startupTimeout: {
    flags: "--startup-timeout <seconds>",
    description: "how long a worker may take to become ready; 0: for ever (default: 60)",
    reader: seconds,
  },
  gracefulTimeout: {
    flags: "--graceful-timeout <seconds>",
    description: "how long requests may take to finish at the end (default: 30)",
    reader: seconds,
  },
  drainDelay: {
    flags: "--drain-delay <seconds>",
    description: "how long connections are accepted after SIGTERM, while readiness says 503 (default: 0)",
    reader: seconds,
  },
  maxRequests: {
    flags: "--max-requests <count>",
    description: "requests after which a worker is replaced; 0: none (default: 0)",
    reader: count(0),
  },
  maxRequestsJitter: {
    flags: "--max-requests-jitter <count>",
    description: "up to so many more, at random (default: 0)",
    reader: count(0),
  },
  maxMemory: {
    flags: "--max-memory <size>",
    description: "resident memory, such as 512mb, from which a worker is replaced; 0: any (default: 0)",
    reader: size,
  },
  maxMemoryJitter: {
    flags: "--max-memory-jitter <size>",
    description: "up to so much more, at random (default: 0)",
    reader: size,
  },
  health: {
    flags: "--health <path>",
    description: "answers <path>/live and <path>/ready for load balancers",
    reader: urlPath,
  },
  pidFile: { flags: "--pid-file <file>", description: "holds the process id while it serves", reader: text },
  lifespan: {
    flags: "--lifespan <mode>",
    description: "auto, on or off (default: auto)",
    reader: oneOf("auto", "on", "off"),
  },
  accessLog: { flags: "--no-access-log", description: "no line for each request", reader: flag },
  accessLogFile: {
    flags: "--access-log-file <file>",
    description: "where those lines go; opened anew at SIGUSR1 (default: -, the standard output)",
    reader: text,
  },
  accessLogFormat: {
    flags: "--access-log-format <format>",
    description: 'atoms such as %(h)s "%(r)s" %(s)s, or json',
    reader: text,
  },
  backlog: {
    flags: "--backlog <count>",
    description: "connections that may wait to be accepted (default: 2048)",
    reader: count(1),
  },
  maxConnections: {
    flags: "--max-connections <count>",
    description: "connections of a worker; more get 503 (default: 16384)",
    reader: count(1),
  },
  headersTimeout: {
    flags: "--headers-timeout <seconds>",
    description: "how long a request's head may take to come (default: 10)",
    reader: secondsAboveZero,
  },
  keepAlive: {
    flags: "--keep-alive <seconds>",
    description: "how long a connection may be without a request (default: 5)",
    reader: secondsAboveZero,
  },
  maxRequestsPerConnection: {
    flags: "--max-requests-per-connection <count>",
    description: "requests after which a connection ends (default: 10000)",
    reader: count(1),
  },
  maxHeaderSize: {
    flags: "--max-header-size <size>",
    description: "a longer head of a request is refused with 431 (default: 16kb)",
    reader: size,
  },
  minBodyRate: {
    flags: "--min-body-rate <bytes>",
    description: "bytes a second that a body must come with after 10 s; 0: any (default: 500)",
    reader: count(0),
  },
  sendTimeout: {
    flags: "--send-timeout <seconds>",
    description: "how long a client may leave what it is sent unread (default: 60)",
    reader: secondsAboveZero,
  },
  rootPath: {
    flags: "--root-path <path>",
    description: "where a proxy in front mounts the application, such as /app",
    reader: urlPath,
  },
  serverHeader: {
    flags: "--server-header <text>",
    description: "the header Server of responses that have none (default: no such header)",
    reader: text,
  },
  tlsKey: { flags: "--tls-key <file>", description: "the key for https, in PEM", reader: text },
  tlsCert: { flags: "--tls-cert <file>", description: "its certificate, with those above it", reader: text },
  tlsKeyPassword: {
    flags: "--tls-key-password <text>",
    description: "of an encrypted key; better as TSJANGO_TLS_KEY_PASSWORD, which other users cannot see",
    reader: text,
  },
  tlsCa: {
    flags: "--tls-ca <file>",
    description: "the authorities that clients' certificates are checked against",
    reader: text,
  },
  tlsClientCertificates: {
    flags: "--tls-client-certificates <mode>",
    description: "none, optional or required (default: none)",
    reader: oneOf("none", "optional", "required"),
  },
  tlsMinVersion: {
    flags: "--tls-min-version <version>",
    description: "TLSv1.2 or TLSv1.3 (default: TLSv1.2)",
    reader: oneOf("TLSv1.2", "TLSv1.3"),
  },
  tlsCiphers: { flags: "--tls-ciphers <list>", description: "OpenSSL's list (default: Node's)", reader: text },
  http2: { flags: "--no-http2", description: "HTTP/1.1 alone over https", reader: flag },
  websocketMaxSize: {
    flags: "--websocket-max-size <size>",
    description: "a longer message ends its WebSocket (default: 16mb)",
    reader: size,
  },
  websocketPingInterval: {
    flags: "--websocket-ping-interval <seconds>",
    description: "silence after which a client is asked whether it is there; 0: never (default: 20)",
    reader: seconds,
  },
  websocketPingTimeout: {
    flags: "--websocket-ping-timeout <seconds>",
    description: "how long it may take to answer (default: 20)",
    reader: secondsAboveZero,
  },
  websocketDeflate: {
    flags: "--websocket-deflate",
    description: "compress messages where the client offers it",
    reader: flag,
  },
};

/** The keys of a server file that are functions. */
export const HOOK_NAMES = [
  "onStarting",
  "onReload",
  "whenReady",
  "preFork",
  "postFork",
  "postWorkerInit",
  "workerInt",
  "workerAbort",
  "preExec",
  "preRequest",
  "postRequest",
  "childExit",
  "workerExit",
  "nworkersChanged",
  "onExit",
] as const;
