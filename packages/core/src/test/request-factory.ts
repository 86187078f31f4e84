import type { HttpReceiveEvent } from "../asgi/types.ts";
import { HttpRequest } from "../http/request.ts";

/** What a made request may be told. */
export interface MadeRequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/**
 * Makes a request to hand to a view without middleware and URLs.
 * @example
 * const response = await article(makeRequest("GET", "/2026/x/"), { year: 2026, slug: "x" });
 */
export function makeRequest(method: string, path: string, options: MadeRequestOptions = {}): HttpRequest {
  const url = new URL(path, "http://localhost");
  const body = typeof options.body === "string" ? new TextEncoder().encode(options.body) : options.body;
  const headers = Object.entries({ host: "localhost", ...options.headers }).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    value,
  ]);
  const receive = async (): Promise<HttpReceiveEvent> => ({ type: "http.request", ...(body && { body }) });
  const scope = {
    type: "http",
    asgi: { version: "3.0", specVersion: "2.5" },
    httpVersion: "1.1",
    method: method.toUpperCase(),
    scheme: "http",
    path: decodeURIComponent(url.pathname),
    rawPath: url.pathname,
    queryString: url.search.slice(1),
    rootPath: "",
    headers,
    client: ["127.0.0.1", 0],
    server: ["localhost", 80],
  } as const;
  return new HttpRequest(scope, receive);
}
