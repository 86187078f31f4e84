import type { IncomingMessage, ServerResponse } from "node:http";
import type { AccessRecord } from "./access-log.ts";
import type { Http2Answer } from "./protocols/http2.ts";

type Headers = Readonly<Record<string, string | string[] | number | undefined>>;

function one(value: string | string[] | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** What a request of HTTP/1.1 was answered with. `before` is what its connection had written ahead of it. */
export function recordOf(
  request: IncomingMessage,
  response: ServerResponse,
  timing: { readonly milliseconds: number; readonly before: number },
): AccessRecord {
  const { method = "", url = "", httpVersion, headers, socket } = request;
  // The head as it was written: what was given to writeHead is not kept elsewhere.
  const head = (response as { _header?: string | null })._header ?? "";
  return {
    client: socket.remoteAddress,
    method,
    target: url,
    protocol: `HTTP/${httpVersion}`,
    status: response.headersSent ? response.statusCode : 499,
    bytes: Math.max(0, socket.bytesWritten - timing.before - Buffer.byteLength(head, "latin1")),
    milliseconds: timing.milliseconds,
    time: new Date(),
    requestHeader: (name) => one((headers as Headers)[name]),
    responseHeader: (name) => headerIn(head, name),
  };
}

function headerIn(head: string, name: string): string | undefined {
  for (const line of head.split("\r\n").slice(1)) {
    const colon = line.indexOf(":");
    if (line.slice(0, colon).toLowerCase() === name) return line.slice(colon + 1).trim();
  }
  return undefined;
}

/** How a WebSocket's handshake was answered. */
export function recordOfHandshake(request: IncomingMessage, status: number, milliseconds: number): AccessRecord {
  const { method = "", url = "", httpVersion, headers, socket } = request;
  return {
    client: socket.remoteAddress,
    method,
    target: url,
    protocol: `HTTP/${httpVersion}`,
    status,
    bytes: 0,
    milliseconds,
    time: new Date(),
    requestHeader: (name) => one((headers as Headers)[name]),
    responseHeader: () => undefined,
  };
}

/** What a stream of HTTP/2 was answered with. */
export function recordOfStream({ stream, headers, client, bytes, milliseconds }: Http2Answer): AccessRecord {
  const sent = (stream.sentHeaders ?? {}) as Headers;
  const status = sent[":status"];
  return {
    client,
    method: headers[":method"] ?? "",
    target: headers[":path"] ?? "",
    protocol: "HTTP/2",
    status: status === undefined ? 499 : Number(status),
    bytes,
    milliseconds,
    time: new Date(),
    requestHeader: (name) => one(name === "host" ? headers[":authority"] : (headers as Headers)[name]),
    responseHeader: (name) => one(sent[name]),
  };
}
