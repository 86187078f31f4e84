import type { HttpReceiveEvent } from "../asgi/types.ts";
import { HttpRequest } from "../http/request.ts";
import { appendQuery, encodeContent, type QueryValues, type RequestContent } from "./request-content.ts";

/** What a made request may be told. */
export interface MadeRequestOptions extends RequestContent {
  readonly headers?: Readonly<Record<string, string>>;
  /** Appended to the path. */
  readonly query?: QueryValues;
  readonly cookies?: Readonly<Record<string, string>>;
  /** Make it a request over https. */
  readonly secure?: boolean;
}

/**
 * Makes a request to hand to a view without middleware and URLs. Source: `RequestFactory`.
 * @example
 * const response = await article(makeRequest("GET", "/2026/x/"), { year: 2026, slug: "x" });
 */
export function makeRequest(method: string, path: string, options: MadeRequestOptions = {}): HttpRequest {
  const url = new URL(path, "http://localhost");
  appendQuery(url, options.query);
  const { body, contentType } = encodeContent(options);
  // It writes what is multipart, and names the boundary.
  const content = new Response((body ?? null) as string | FormData | Uint8Array<ArrayBuffer> | null);
  const type = contentType ?? (body instanceof FormData ? content.headers.get("content-type") : null);
  const cookie = Object.entries(options.cookies ?? {}).map(([name, value]) => `${name}=${value}`);
  const given = new Headers({ host: "localhost" });
  if (type !== null) given.set("content-type", type);
  if (cookie.length > 0) given.set("cookie", cookie.join("; "));
  for (const [name, value] of Object.entries(options.headers ?? {})) given.set(name, value);
  let read = false;
  const receive = async (): Promise<HttpReceiveEvent> => {
    // The client stays as long as the view runs.
    if (read) return new Promise(() => {});
    read = true;
    return { type: "http.request", body: new Uint8Array(await content.arrayBuffer()) };
  };
  const scope = {
    type: "http",
    asgi: { version: "3.0", specVersion: "2.5" },
    httpVersion: "1.1",
    method: method.toUpperCase(),
    scheme: options.secure === true ? "https" : "http",
    path: decodeURIComponent(url.pathname),
    rawPath: url.pathname,
    queryString: url.search.slice(1),
    rootPath: "",
    headers: [...given],
    client: ["127.0.0.1", 0],
    server: ["localhost", 80],
  } as const;
  return new HttpRequest(scope, receive);
}
