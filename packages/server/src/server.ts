import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { type AddressInfo, Server as NetServer, type Socket } from "node:net";
import type { AsgiApplication } from "@tsjango/core/asgi";
import { DEFAULT_GRACE_PERIOD, DEFAULT_HOST, DEFAULT_PORT, LIMITS, type ServerConfig, urlOf } from "./config.ts";
import { Connections } from "./connections.ts";
import { AddressUnavailable } from "./exceptions.ts";
import { Lifespan } from "./lifespan.ts";
import { httpListeners } from "./protocols/http.ts";
import { answerRaw } from "./refuse-connection.ts";

/** A server of one ASGI application. */
export interface Server {
  /** Runs the lifespan's startup, then accepts connections; resolves with the URL. Throws `BootFailed`, `AddressUnavailable`. */
  listen(): Promise<string>;
  /** Runs the lifespan's startup only, for a process that is handed its connections. */
  start(): Promise<void>;
  /** Serves a connection that another process accepted. */
  accept(socket: Socket): void;
  /** Accepts no more, lets requests in flight finish, then runs the lifespan's shutdown. Repeated calls wait for the first. */
  close(options?: { gracePeriod?: number }): Promise<void>;
}

/**
 * Serves an ASGI application over node:http, with strict limits on every connection.
 * @example
 * const server = createServer(application, { port: 8000 });
 * console.log(await server.listen());
 * process.once("SIGTERM", () => server.close());
 */
export function createServer(application: AsgiApplication, config: ServerConfig = {}): Server {
  const onError = config.onError ?? ((error: unknown) => console.error(error));
  const lifespan = new Lifespan(application, config.lifespan ?? "auto", onError);
  let state: Record<string, unknown> | undefined;
  const listeners = httpListeners({ application, state: () => state, accessLog: config.accessLog, onError });
  const http = createHttpServer(LIMITS);
  http.maxRequestsPerSocket = LIMITS.maxRequestsPerSocket;
  const connections = new Connections(http, config.keepAlive ?? true);
  for (const name of ["request", "checkContinue"] as const) {
    http.on(name, (request, response) => {
      connections.run(request, response, () => listeners[name](request, response));
    });
  }
  // A tunnel to somewhere else is never made.
  http.on("connect", (_request, socket) => answerRaw(socket as Socket, 405, "Allow: \r\n"));

  async function start(): Promise<void> {
    await lifespan.startup();
    if (Object.keys(lifespan.state).length > 0) state = lifespan.state;
  }

  async function closeAll(gracePeriod: number): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      // Not http's own close, which also cuts new connections whose first request is still on its way.
      if (http.listening) NetServer.prototype.close.call(http, () => resolve());
      else resolve();
    });
    await Promise.all([stopped, connections.close(gracePeriod)]);
    await lifespan.shutdown();
  }

  let closed: Promise<void> | undefined;
  return {
    start,
    async listen() {
      await start();
      const [host, port] = [config.host ?? DEFAULT_HOST, config.port ?? DEFAULT_PORT];
      try {
        return await bind(http, host, port);
      } catch (error) {
        await lifespan.shutdown();
        throw listenError(error as NodeJS.ErrnoException, host, port);
      }
    },
    accept(socket) {
      http.emit("connection", socket);
      socket.resume();
    },
    close(options = {}) {
      closed ??= closeAll(options.gracePeriod ?? config.gracePeriod ?? DEFAULT_GRACE_PERIOD);
      return closed;
    },
  };
}

function bind(http: HttpServer, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen({ host, port }, () => {
      http.off("error", reject);
      resolve(urlOf(host, (http.address() as AddressInfo).port));
    });
  });
}

/** Says in words why an address cannot be listened on. */
export function listenError(error: NodeJS.ErrnoException, host: string, port: number): AddressUnavailable {
  const advice = "choose another with --port/--bind.";
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} is already in use on ${host}. Stop the other process, or ${advice}`,
    EACCES: `This user may not listen on port ${port} of ${host}: ports below 1024 need privileges, so ${advice}`,
    EADDRNOTAVAIL: `${host} is not an address of this machine. Listen on 127.0.0.1 or 0.0.0.0, or ${advice}`,
    ENOTFOUND: `${host} is not a host name that this machine knows. Listen on 127.0.0.1 or 0.0.0.0, or ${advice}`,
  };
  const message = reasons[error.code ?? ""] ?? `Cannot listen on ${host}:${port}: ${error.message}`;
  return new AddressUnavailable(message, { cause: error });
}
