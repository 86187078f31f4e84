import type { IncomingMessage } from "node:http";
import { readNodeRequest } from "./node-request.ts";
import type { Refusal } from "./request-rules.ts";
import type { WebSocketScope } from "./types.ts";
import { DENIAL_EXTENSION } from "./websocket-exchange.ts";

/** The version of RFC 6455, the only one served. */
const VERSION = "13";
const KEY = /^[+/0-9A-Za-z]{22}==$/;
const TOKEN = /^[!#$%&'*+.^`|~\w-]+$/;
const MAX_SUBPROTOCOLS = 20;

/** Whether a request of HTTP/1.1 asks to become a WebSocket; others that ask for an upgrade are answered as they are. */
export function wantsWebSocket({ method, httpVersion, headers }: IncomingMessage): boolean {
  return (
    method === "GET" &&
    httpVersion === "1.1" &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    headers["content-length"] === undefined &&
    headers["transfer-encoding"] === undefined
  );
}

/** Reads a WebSocket's handshake by the rules of every request and its own (RFC 6455, section 4.2.1). */
export function readWebSocketRequest(
  request: IncomingMessage,
  options: {
    readonly rootPath?: string | undefined;
    readonly state?: Record<string, unknown> | undefined;
    readonly extensions?: Readonly<Record<string, unknown>> | undefined;
  },
): WebSocketScope | Refusal {
  const head = readNodeRequest(request, options);
  if ("reason" in head) return head;
  const { method: _method, scheme, extensions: _http, ...shared } = head.scope;
  const values = new Map<string, string[]>();
  for (const [name, value] of shared.headers) {
    if (name.startsWith("sec-websocket-")) values.set(name, [...(values.get(name) ?? []), value]);
  }
  if (values.get("sec-websocket-version")?.join() !== VERSION) {
    return { status: 426, reason: `This server speaks version ${VERSION} of WebSocket.` };
  }
  if (!KEY.test(values.get("sec-websocket-key")?.join() ?? "")) {
    return { status: 400, reason: "The header Sec-WebSocket-Key is missing or wrong." };
  }
  const offered = values.get("sec-websocket-protocol")?.join().split(",") ?? [];
  const subprotocols = offered.map((text) => text.trim());
  const distinct = new Set(subprotocols).size === subprotocols.length && subprotocols.length <= MAX_SUBPROTOCOLS;
  if (!distinct || !subprotocols.every((text) => TOKEN.test(text))) {
    return { status: 400, reason: "The header Sec-WebSocket-Protocol is no list of names." };
  }
  return {
    ...shared,
    type: "websocket",
    scheme: scheme === "https" ? "wss" : "ws",
    subprotocols,
    extensions: { ...options.extensions, [DENIAL_EXTENSION]: Object.freeze({}) },
  };
}
