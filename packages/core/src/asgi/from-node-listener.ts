import { IncomingMessage, ServerResponse } from "node:http";
import { Duplex } from "node:stream";
import { AsgiProtocolError } from "../exceptions.ts";
import { gone } from "./exchange.ts";
import { below } from "./mount.ts";
import { BodyEvents } from "./request-body-stream.ts";
import type { AsgiApplication, HeaderPairs, HttpScope, Send } from "./types.ts";

/** A listener of `http.createServer`: an Express app, a Connect or Koa callback. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

/** Headers of which node:http keeps the first. */
const FIRST = new Set(["content-type", "content-length", "user-agent", "referer", "host", "authorization"]);

/**
 * Makes a listener of node:http an application, to be mounted beside others. `request.url` is the one below the mount
 * point, which is `baseUrl` as Express has it. Bodies are streamed both ways; request and response are closed when the
 * client goes away.
 * @example
 * export const application = mount({ "/legacy": fromNodeListener(expressApp) }, await getAsgiApplication(settings));
 */
export function fromNodeListener(listener: NodeListener): AsgiApplication {
  return async function nodeApplication(scope, receive, send) {
    if (scope.type !== "http") throw new AsgiProtocolError(`A node:http listener answers http, not ${scope.type}.`);
    const socket = new NoSocket(scope);
    const body = new BodyEvents(scope, receive, () => socket.destroy());
    const request = bridgedRequest(scope, socket, body);
    const { response, sent } = bridgedResponse(request, socket, send);
    try {
      listener(request, response);
      await sent;
    } finally {
      body.finish();
      socket.destroy();
    }
  };
}

/** Stands for the connection. What node:http writes to it goes nowhere: the response sends events beside it. */
class NoSocket extends Duplex {
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  readonly encrypted: boolean;
  /** Settles when what was sent so far may be followed by more. */
  flowing: Promise<unknown> = Promise.resolve();

  constructor(scope: HttpScope) {
    super({ allowHalfOpen: true });
    this.remoteAddress = scope.client?.[0];
    this.remotePort = scope.client?.[1] ?? undefined;
    this.encrypted = scope.scheme === "https";
    // Told to the listener by "close".
    this.on("error", () => undefined);
  }

  override _read(): void {}
  // Held back until the events are sent: `response.write` says "full", and "drain" comes, as over a real socket.
  override _write(_chunk: unknown, _encoding: string, done: (error?: Error | null) => void): void {
    this.flowing.then(() => done(), done);
  }
  override _final(done: (error?: Error | null) => void): void {
    this.flowing.then(() => done(), done);
  }
  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
}

function bridgedRequest(scope: HttpScope, socket: NoSocket, body: BodyEvents): IncomingMessage {
  // It needs of a socket what NoSocket has.
  const request = new IncomingMessage(socket as never);
  const { rawPath, rawRoot } = below(scope);
  const read = (size: number): void => {
    // It puts the stream in the state of one that is being read.
    IncomingMessage.prototype._read.call(request, size);
    body.next().then(
      (chunk) => {
        if (chunk === undefined) request.complete = true;
        request.push(chunk ?? null);
      },
      (error: Error) => request.destroy(error),
    );
  };
  Object.assign(request, {
    method: scope.method,
    url: scope.queryString === "" ? rawPath : `${rawPath}?${scope.queryString}`,
    baseUrl: rawRoot,
    httpVersion: "1.1",
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    rawHeaders: scope.headers.flat(),
    headers: joinHeaders(scope.headers),
    // Own, as Express exchanges the prototypes of requests and responses.
    _read: read,
  });
  socket.once("close", () => request.destroy());
  return request;
}

function joinHeaders(pairs: HeaderPairs): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of pairs) {
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (!FIRST.has(name)) headers[name] = `${before}${name === "cookie" ? "; " : ", "}${value}`;
  }
  return headers;
}

type Chunk = string | Uint8Array | null | undefined;
type Callback = (error?: Error | null) => void;

/** A response that becomes events, and what settles after the last. The states of node:http's own stay true. */
function bridgedResponse(
  request: IncomingMessage,
  socket: NoSocket,
  send: Send,
): { readonly response: ServerResponse; readonly sent: Promise<void> } {
  const response = new ServerResponse(request);
  const settled = Promise.withResolvers<void>();
  const original = ServerResponse.prototype;
  let started = false;
  settled.promise.catch(() => undefined);
  response.assignSocket(socket as never);
  // The date and the framing are the server's.
  response.sendDate = false;
  // After the last event, as the socket takes its last bytes only then.
  response.once("finish", () => settled.resolve());
  socket.once("close", () => settled.reject(gone()));
  // A server of node:http passes it on.
  socket.on("drain", () => response.emit("drain"));

  function begin(): void {
    if (!response.headersSent) response.writeHead(response.statusCode);
  }
  function queue(chunk: Chunk, encoding: BufferEncoding, last: boolean): void {
    const events: Parameters<Send>[0][] = [];
    if (!started) {
      started = true;
      events.push({ type: "http.response.start", status: response.statusCode, headers: headersOf(response) });
    }
    const body = typeof chunk === "string" ? Buffer.from(chunk, encoding) : (chunk ?? undefined);
    events.push({ type: "http.response.body", ...(body && { body }), moreBody: !last });
    socket.flowing = socket.flowing.then(async () => {
      for (const event of events) await send(event);
    });
    socket.flowing.catch((error: Error) => {
      settled.reject(error);
      socket.destroy(error);
    });
  }

  Object.assign(response, {
    writeHead(status: number, ...rest: unknown[]) {
      setHeaders(response, rest.at(-1));
      return original.writeHead.call(response, status);
    },
    write(chunk: Chunk, encoding?: BufferEncoding | Callback, done?: Callback) {
      const [coding, callback] = typeof encoding === "function" ? ["utf8" as const, encoding] : [encoding, done];
      begin();
      queue(chunk, coding ?? "utf8", false);
      return original.write.call(response, chunk, coding ?? "utf8", callback);
    },
    end(chunk?: Chunk | Callback, encoding?: BufferEncoding | Callback, done?: Callback) {
      const callback = [chunk, encoding, done].find((argument) => typeof argument === "function") as Callback;
      if (!response.writableEnded) {
        begin();
        const body = typeof chunk === "function" ? undefined : chunk;
        queue(body, typeof encoding === "string" ? encoding : "utf8", true);
      }
      return original.end.call(response, undefined as never, "utf8", callback);
    },
    flushHeaders() {
      if (started) return;
      begin();
      queue(undefined, "utf8", false);
    },
  });
  return { response, sent: settled.promise };
}

/** What `writeHead` was given: an object, a flat list, or a list of pairs. */
function setHeaders(response: ServerResponse, headers: unknown): void {
  if (Array.isArray(headers)) {
    const flat: unknown[] = headers.flat();
    for (let index = 0; index < flat.length; index += 2) {
      response.appendHeader(String(flat[index]), String(flat[index + 1]));
    }
  } else if (typeof headers === "object" && headers !== null) {
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) response.setHeader(name, value as string);
    }
  }
}

function headersOf(response: ServerResponse): [string, string][] {
  return Object.entries(response.getHeaders()).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  );
}
