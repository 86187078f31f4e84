import type { Http2Session } from "node:http2";
import type { TLSSocket } from "node:tls";
import {
  headerName,
  MAX_HEADERS,
  NO_HOST,
  type Refusal,
  refuseLine,
  repeated,
  TOO_MANY_HEADERS,
} from "./request-rules.ts";
import { ASGI, HINTS, HINTS_AND_TRAILERS } from "./scope-parts.ts";
import { parseTarget } from "./target.ts";
import type { HttpScope } from "./types.ts";

/** A request of HTTP/2 as the bridge needs it. */
export interface Http2Request {
  readonly scope: HttpScope;
  readonly expectContinue: boolean;
}

export interface Http2RequestOptions {
  readonly rootPath?: string | undefined;
  /** The lifespan's state; each request gets a shallow copy as `scope.state`. */
  readonly state?: Record<string, unknown> | undefined;
  /** Entries of `scope.extensions` besides the bridge's own. */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Reads the head of a request of HTTP/2 by the rules of every request; says why where it is refused. `:authority` is told
 * as `host`, cookies that come in pieces stay so (RFC 9113, sections 8.2.3 and 8.3.1).
 */
export function readHttp2Request(
  rawHeaders: readonly string[],
  session: Http2Session | undefined,
  options: Http2RequestOptions,
): Http2Request | Refusal {
  if (rawHeaders.length > 2 * MAX_HEADERS + 8) return TOO_MANY_HEADERS;
  const headers: [string, string][] = [];
  const pseudo = new Map<string, string>();
  let seen = 0;
  let extensions: Readonly<Record<string, unknown>> = HINTS;
  let host: string | undefined;
  let expectContinue = false;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    const value = rawHeaders[index + 1] as string;
    if (name.charCodeAt(0) === 58 /* ":" */) {
      pseudo.set(name, value);
      continue;
    }
    const { lower, bit, dropped } = headerName(name);
    if (dropped) continue;
    if (bit !== 0) {
      if ((seen & bit) !== 0) return repeated(lower);
      seen |= bit;
    }
    if (lower === "host") {
      host = value;
      continue;
    }
    if (lower === "te" && /\btrailers\b/i.test(value)) extensions = HINTS_AND_TRAILERS;
    if (lower === "expect" && value.toLowerCase() === "100-continue") expectContinue = true;
    headers.push([lower, value]);
  }
  const method = pseudo.get(":method") ?? "";
  const target = pseudo.get(":path") ?? "";
  const refusal = refuseLine(method, target, "1.1") ?? refuseTarget(target);
  if (refusal !== undefined) return refusal;
  const authority = pseudo.get(":authority") ?? host;
  if (authority === undefined || authority === "") return NO_HOST;
  if (host !== undefined && host !== authority) {
    return { status: 400, reason: "The header Host is not what :authority says." };
  }
  headers.unshift(["host", authority]);
  const { path, rawPath, queryString } = parseTarget(target);
  const socket = session?.socket as TLSSocket | undefined;
  const scope: HttpScope = {
    type: "http",
    asgi: ASGI,
    httpVersion: "2",
    method,
    // What the connection is, whatever :scheme claims.
    scheme: session?.encrypted === true ? "https" : "http",
    path,
    rawPath,
    queryString,
    rootPath: options.rootPath ?? "",
    headers,
    client: socket?.remoteAddress === undefined ? null : [socket.remoteAddress, socket.remotePort ?? null],
    server: socket?.localAddress === undefined ? null : [socket.localAddress, socket.localPort ?? null],
    extensions: options.extensions === undefined ? extensions : { ...extensions, ...options.extensions },
    ...(options.state !== undefined && { state: { ...options.state } }),
  };
  return { scope, expectContinue };
}

/** In HTTP/2 a target is a path; where it came from is in `:authority`. */
function refuseTarget(target: string): Refusal | undefined {
  return target.startsWith("/") ? undefined : { status: 400, reason: "The target is no path." };
}
