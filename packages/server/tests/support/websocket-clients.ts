import type { AsgiApplication } from "@tsjango/core/asgi";
import { Client, WebSocketClosed } from "@tsjango/core/test";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { createServer, type ServerConfig } from "../../src/index.ts";

/** How a test opens a WebSocket to an application, in process and over a socket. */
export interface Opener {
  open(path: string, options?: { subprotocols?: string[]; headers?: Record<string, string> }): Promise<TestSocket>;
  /** What the application threw. */
  readonly errors: unknown[];
}

export interface TestSocket {
  readonly subprotocol: string | undefined;
  send(data: string | Uint8Array): Promise<void>;
  receive(): Promise<string | Uint8Array>;
  close(code?: number, reason?: string): Promise<void>;
}

/** An application that is called in this process. */
export async function inProcess(application: AsgiApplication): Promise<Opener> {
  const errors: unknown[] = [];
  const client = new Client(async (scope, receive, send) => {
    try {
      await application(scope, receive, send);
    } catch (error) {
      errors.push(error);
      throw error;
    }
  });
  return {
    errors,
    async open(path, options) {
      const socket = await client.websocket(path, options).catch((error: unknown) => {
        throw error instanceof WebSocketClosed ? error : Object.assign(new WebSocketClosed("", 1006), { status: 500 });
      });
      return {
        subprotocol: socket.subprotocol,
        send: (data) => socket.send(data),
        receive: () => socket.receive().catch((error) => Promise.reject(asClosed(error))),
        close: (code, reason) => socket.close(code, reason).catch(() => undefined),
      };
    },
  };
}

/** Over a socket, an application that fails is told by a code. */
function asClosed(error: unknown): unknown {
  return error instanceof WebSocketClosed || !(error instanceof TypeError) ? error : new WebSocketClosed("", 1011);
}

/** An application behind a server. */
export async function overSocket(application: AsgiApplication, config: ServerConfig = {}): Promise<Opener> {
  const { url, errors } = await serving(application, config);
  return { errors, open: (path, options = {}) => connect(url, path, options) };
}

/** A server of the application, which ends with the test. */
export async function serving(application: AsgiApplication, config: ServerConfig = {}) {
  const errors: unknown[] = [];
  const server = createServer(application, {
    port: 0,
    lifespan: "off",
    onError: (error) => errors.push(error),
    ...config,
  });
  onTestFinished(() => server.close({ gracePeriod: 100 }));
  return { server, url: await server.listen(), errors };
}

async function connect(
  url: string,
  path: string,
  { subprotocols = [], headers = {} }: { subprotocols?: string[]; headers?: Record<string, string> },
): Promise<TestSocket> {
  const socket = new WebSocket(new URL(path, url.replace("http", "ws")), subprotocols, { headers });
  const messages: (string | Uint8Array)[] = [];
  let end: WebSocketClosed | undefined;
  let wake = Promise.withResolvers<void>();
  socket.on("message", (data: Buffer, isBinary) => {
    messages.push(isBinary ? new Uint8Array(data) : data.toString());
    wake.resolve();
  });
  socket.on("close", (code, reason) => {
    end = new WebSocketClosed(`closed with ${code}`, code, reason.toString());
    wake.resolve();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
    socket.once("unexpected-response", async (_request, response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      const { statusCode: status, headers } = response;
      reject(Object.assign(new WebSocketClosed(`status ${status}`, 1006), { status, body, headers }));
    });
  });
  socket.on("error", () => undefined);
  return {
    subprotocol: socket.protocol || undefined,
    async send(data) {
      socket.send(data);
    },
    async receive() {
      while (messages.length === 0) {
        if (end !== undefined) throw end;
        wake = Promise.withResolvers();
        await wake.promise;
      }
      return messages.shift() as string | Uint8Array;
    },
    close(code, reason) {
      socket.close(code, reason);
      return new Promise((resolve) => {
        if (end !== undefined) resolve();
        else socket.once("close", () => resolve());
      });
    },
  };
}
