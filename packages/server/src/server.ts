import { createServer as createHttpServer } from "node:http";
import { Server as NetServer, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { type AsgiApplication, wantsWebSocket } from "@tsjango/core/asgi";
import { type AccessRecord, accessLogFormat } from "./access-log.ts";
import { recordOfHandshake, recordOfStream } from "./access-records.ts";
import { type Bind, listenOn, type OpenBind } from "./bind.ts";
import {
  DEFAULT_GRACE_PERIOD,
  DEFAULT_HOST,
  DEFAULT_PORT,
  LIMITS,
  type Limits,
  type ServerConfig,
  WEBSOCKET_LIMITS,
} from "./config.ts";
import { Connections } from "./connections.ts";
import { Lifespan } from "./lifespan.ts";
import { connectionsWithin } from "./open-files.ts";
import { httpRunner } from "./protocols/http.ts";
import { Http2Sessions } from "./protocols/http2.ts";
import { WebSockets } from "./protocols/websocket.ts";
import { answerRaw } from "./refuse-connection.ts";
import { withServerHeader } from "./server-header.ts";
import { createTlsGate, loadTls, tlsExtension } from "./tls.ts";

/** A server of one ASGI application. */
export interface Server {
  /** Runs the lifespan's startup, then accepts connections; resolves with the first URL. Throws `BootFailed`, `AddressUnavailable`. */
  listen(): Promise<string>;
  /** Where it listens. */
  readonly urls: readonly string[];
  /** Runs the lifespan's startup only, once; for a process that is handed its connections, or has more to do before it listens. */
  start(): Promise<void>;
  /** Serves a connection that another process accepted. */
  accept(socket: Socket): void;
  /**
   * Accepts no more, lets requests in flight finish, then runs the lifespan's shutdown. Repeated calls wait for the first,
   * and may shorten its time.
   */
  close(options?: CloseOptions): Promise<void>;
}

export interface CloseOptions {
  /** Milliseconds that requests get; default: that of the configuration. */
  readonly gracePeriod?: number;
  /** Lets idle connections make one request more, or run out of their time: for where other processes serve on. */
  readonly patient?: boolean;
}

/**
 * Serves an ASGI application over node:http, with strict limits on every connection.
 * @example
 * const server = createServer(application, { port: 8000 });
 * console.log(await server.listen());
 * process.once("SIGTERM", () => server.close());
 */
export function createServer(served: AsgiApplication, config: ServerConfig = {}): Server {
  const application = config.serverHeader === undefined ? served : withServerHeader(served, config.serverHeader);
  const limits: Limits = { ...LIMITS, ...config.limits };
  const onError = config.onError ?? ((error: unknown) => console.error(error));
  const lifespan = new Lifespan(application, config.lifespan ?? "auto", onError);
  let state: Record<string, unknown> | undefined;
  const tls = config.tls === undefined ? undefined : loadTls(config.tls);
  const shared = {
    application,
    rootPath: config.rootPath ?? "",
    state: () => state,
    extensions: (socket: Socket) => (tls === undefined ? undefined : { tls: tlsExtension(socket as TLSSocket, tls) }),
    onError,
  };
  const { accessLog } = config;
  const format = accessLogFormat(config.accessLogFormat);
  const logRecord = accessLog && ((record: AccessRecord) => accessLog(format(record)));
  const http = createHttpServer({
    headersTimeout: limits.headersTimeout,
    // Node's own would end every upload that takes long; `minBodyRate` ends those that are slow.
    requestTimeout: 0,
    // Its default of 30 s would make the others longer than they say.
    connectionsCheckingInterval: Math.min(1_000, limits.headersTimeout),
    keepAliveTimeout: limits.keepAliveTimeout,
    maxHeaderSize: limits.maxHeaderSize,
    insecureHTTPParser: false,
    // The bridge requires it: node:http would go on to the request after it.
    requireHostHeader: false,
    // A request without a body needs no stream that ends; Node 22 does not know the option.
    optimizeEmptyRequests: true,
    shouldUpgradeCallback: wantsWebSocket,
  });
  http.maxRequestsPerSocket = limits.maxRequestsPerConnection;
  const run = httpRunner({ ...shared, onAnswered: logRecord });
  const connections = new Connections(http, { keepAlive: config.keepAlive ?? true, limits, run });
  http.on("request", (request, response) => connections.take(request, response, false));
  http.on("checkContinue", (request, response) => connections.take(request, response, true));
  const webSockets = new WebSockets({
    ...shared,
    limits: { ...WEBSOCKET_LIMITS, ...config.websocket },
    onAnswered: logRecord && ((...answer) => logRecord(recordOfHandshake(...answer))),
  });
  const http2 = new Http2Sessions({
    ...shared,
    limits,
    onAnswered: logRecord && ((answer) => logRecord(recordOfStream(answer))),
  });
  http.on("upgrade", (request, socket, head) => {
    if (connections.release(socket as Socket)) webSockets.upgrade(request, socket as Socket, head);
  });
  // A tunnel to somewhere else is never made.
  http.on("connect", (_request, socket) => answerRaw(socket as Socket, 405, "Allow: \r\n"));

  async function startUp(): Promise<void> {
    await lifespan.startup();
    if (Object.keys(lifespan.state).length > 0) state = lifespan.state;
  }

  let started: Promise<void> | undefined;
  function start(): Promise<void> {
    started ??= startUp();
    return started;
  }

  const listeners: NetServer[] = [];
  const open: OpenBind[] = [];

  async function listenAll(): Promise<void> {
    // node:http starts to check its connections' time when it listens itself.
    http.emit("listening");
    const { bind = [tcp(config)], backlog } = config;
    for (const each of bind) {
      // As node:http's own listener.
      const listener = new NetServer({ allowHalfOpen: true, noDelay: true }, accept);
      open.push(await listenOn(listener, each, { backlog, scheme: tls === undefined ? "http" : "https" }));
      // A connection that could not be accepted, as where files run out: there are others.
      listener.on("error", onError);
      listeners.push(listener);
    }
  }

  const protocols = config.http2 === false ? ["http/1.1"] : ["h2", "http/1.1"];
  const plain = (socket: Socket): void => void http.emit("connection", socket);
  const gate =
    tls &&
    createTlsGate(tls, protocols, (socket) => (socket.alpnProtocol === "h2" ? http2.take(socket) : plain(socket)));
  const most = connectionsWithin(limits.maxConnections);
  let count = 0;

  function accept(socket: Socket): void {
    if (count >= most) {
      socket.on("error", () => undefined);
      if (gate === undefined) answerRaw(socket, 503, "Retry-After: 1\r\n");
      else socket.destroy();
      return;
    }
    count++;
    socket.once("close", () => count--);
    if (gate === undefined) plain(socket);
    else gate.accept(socket);
  }

  function stopListening(): Promise<unknown> {
    for (const each of open) each.release();
    return Promise.all(listeners.map((listener) => new Promise((resolve) => listener.close(resolve))));
  }

  function closeConnections(gracePeriod: number, patient: boolean): Promise<void>[] {
    return [connections.close(gracePeriod, patient), webSockets.close(gracePeriod), http2.close(gracePeriod)];
  }

  async function closeAll(gracePeriod: number, patient: boolean): Promise<void> {
    const stopped = stopListening();
    await Promise.all(closeConnections(gracePeriod, patient));
    gate?.cut();
    await stopped;
    http.close();
    await lifespan.shutdown();
  }

  let closed: Promise<void> | undefined;
  return {
    start,
    get urls() {
      return open.map(({ url }) => url);
    },
    async listen() {
      await start();
      try {
        await listenAll();
        return (open[0] as OpenBind).url;
      } catch (error) {
        await stopListening();
        await lifespan.shutdown();
        throw error;
      }
    },
    accept(socket) {
      accept(socket);
      socket.resume();
    },
    close({ gracePeriod = config.gracePeriod ?? DEFAULT_GRACE_PERIOD, patient = false } = {}) {
      if (closed === undefined) closed = closeAll(gracePeriod, patient);
      else void Promise.all(closeConnections(gracePeriod, patient));
      return closed;
    },
  };
}

function tcp({ host = DEFAULT_HOST, port = DEFAULT_PORT }: ServerConfig): Bind {
  return { type: "tcp", host, port };
}
