import { AsgiProtocolError } from "../exceptions.ts";
import { below } from "./mount.ts";
import { BodyEvents, hasBody } from "./request-body-stream.ts";
import type { AsgiApplication, HttpScope, Send } from "./types.ts";

/** Answers a web request: a Hono app's `fetch`, a service worker's handler. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/**
 * Makes a function of web standards an application, to be mounted beside others. The request's URL is the one below the
 * mount point. Bodies are streamed both ways; `request.signal` aborts when the client goes away.
 * @example
 * export const application = mount({ "/api": fromFetch(hono.fetch) }, await getAsgiApplication(settings));
 */
export function fromFetch(handler: FetchHandler): AsgiApplication {
  return async function fetchApplication(scope, receive, send) {
    if (scope.type !== "http") throw new AsgiProtocolError(`A fetch handler answers http, not ${scope.type}.`);
    const abort = new AbortController();
    const body = new BodyEvents(scope, receive, () => abort.abort());
    try {
      await sendResponse(await handler(webRequest(scope, body, abort.signal)), scope.method, abort.signal, send);
    } finally {
      body.finish();
    }
  };
}

function webRequest(scope: HttpScope, body: BodyEvents, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of scope.headers) headers.append(name, value);
  const { rawPath } = below(scope);
  const host = headers.get("host") ?? `${scope.server?.[0] ?? "localhost"}:${scope.server?.[1] ?? 80}`;
  const url = `${scope.scheme}://${host}${rawPath}${scope.queryString === "" ? "" : `?${scope.queryString}`}`;
  const { method } = scope;
  if (method === "GET" || method === "HEAD" || !hasBody(scope)) return new Request(url, { method, headers, signal });
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await body.next();
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      },
    },
    { highWaterMark: 0 },
  );
  return new Request(url, { method, headers, signal, body: stream as ReadableStream, duplex: "half" });
}

async function sendResponse(response: Response, method: string, signal: AbortSignal, send: Send): Promise<void> {
  if (!(response instanceof Response)) {
    throw new AsgiProtocolError(`A fetch handler returns a Response; found ${typeof response}.`);
  }
  const reader = response.body?.getReader();
  const leave = () => void reader?.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", leave, { once: true });
  try {
    await send({ type: "http.response.start", status: response.status, headers: [...response.headers] });
    if (reader === undefined || method === "HEAD") return await send({ type: "http.response.body" });
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      await send({ type: "http.response.body", body: value, moreBody: true });
    }
    await send({ type: "http.response.body" });
  } finally {
    signal.removeEventListener("abort", leave);
    // After the end this does nothing; after an error or for HEAD it frees what the body holds.
    leave();
  }
}
