import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import {
  ENCODING_BIT,
  ENCODING_ON_1_0,
  HOST_BIT,
  headerName,
  LENGTH_BIT,
  MAX_HEADERS,
  NO_HOST,
  type Refusal,
  refuseLine,
  repeated,
  TOO_MANY_HEADERS,
  UNKNOWN_ENCODING,
} from "./request-rules.ts";
import { ASGI, HINTS, HINTS_AND_TRAILERS } from "./scope-parts.ts";
import { parseTarget } from "./target.ts";
import type { Address, HttpScope } from "./types.ts";

/** What all requests of one socket share. */
interface Connection {
  readonly client: Address | null;
  readonly server: Address | null;
  readonly scheme: "http" | "https";
}

/** Where a socket keeps it: found with each request, without a search. */
const CONNECTION = Symbol("tsjango.connection");

function connectionOf(request: IncomingMessage): Connection {
  const socket: IncomingMessage["socket"] & { [CONNECTION]?: Connection } = request.socket;
  let connection = socket[CONNECTION];
  if (connection === undefined) {
    const { remoteAddress, remotePort, localAddress, localPort } = socket;
    connection = {
      client: remoteAddress === undefined ? null : [remoteAddress, remotePort ?? null],
      server: localAddress === undefined ? null : [localAddress, localPort ?? null],
      scheme: (socket as Partial<TLSSocket>).encrypted === true ? "https" : "http",
    };
    socket[CONNECTION] = connection;
  }
  return connection;
}

/** A request as the bridge needs it. */
export interface NodeRequest {
  readonly scope: HttpScope;
  /** Whether a body follows. */
  readonly hasBody: boolean;
  /** Its length, where the client says it. */
  readonly length: number | undefined;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads the head of a request of node:http; says why where it is refused. */
export function readNodeRequest(
  request: IncomingMessage,
  options: { readonly rootPath?: string | undefined; readonly state?: Record<string, unknown> | undefined },
): NodeRequest | Refusal {
  const { rawHeaders, httpVersion } = request;
  const method = request.method as string;
  const mounted = request as { baseUrl?: unknown; originalUrl?: unknown };
  // Express and its kin take the mount point off `url`, and keep it here.
  const below = typeof mounted.baseUrl === "string" && mounted.baseUrl !== "" ? mounted.baseUrl : undefined;
  const url = below === undefined ? (request.url as string) : String(mounted.originalUrl);
  const refusal = refuseLine(method, url, httpVersion);
  if (refusal !== undefined) return refusal;
  if (rawHeaders.length > 2 * MAX_HEADERS) return TOO_MANY_HEADERS;

  const { path, rawPath, queryString, authority } = parseTarget(url);
  const headers: [string, string][] = [];
  let seen = 0;
  let length: number | undefined;
  let extensions = HINTS as Readonly<Record<string, unknown>>;
  if (authority !== undefined) headers.push(["host", authority]);
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const { lower, bit, dropped } = headerName(rawHeaders[index] as string);
    if (dropped) continue;
    const value = rawHeaders[index + 1] as string;
    if (bit !== 0) {
      if ((seen & bit) !== 0) return repeated(lower);
      seen |= bit;
      if (bit === HOST_BIT && authority !== undefined) continue;
      if (bit === LENGTH_BIT) length = Number(value);
      else if (bit === ENCODING_BIT && value.toLowerCase() !== "chunked") return UNKNOWN_ENCODING;
    } else if (lower === "te" && /\btrailers\b/i.test(value)) extensions = HINTS_AND_TRAILERS;
    headers.push([lower, value]);
  }
  const chunked = (seen & ENCODING_BIT) !== 0;
  if (chunked && httpVersion === "1.0") return ENCODING_ON_1_0;
  if ((seen & HOST_BIT) === 0 && httpVersion === "1.1") return NO_HOST;

  const { client, server, scheme } = connectionOf(request);
  const scope: Writable<HttpScope> = {
    type: "http",
    asgi: ASGI,
    httpVersion: httpVersion as "1.0" | "1.1",
    method,
    scheme,
    path,
    rawPath,
    queryString,
    rootPath: below ?? options.rootPath ?? "",
    headers,
    client,
    server,
  };
  if (httpVersion === "1.1") scope.extensions = extensions;
  if (options.state !== undefined) scope.state = { ...options.state };
  return { scope, hasBody: chunked || (length !== undefined && length > 0), length };
}
