import type { AsgiApplication, HeaderPairs, HttpScope, SendEvent } from "@tsjango/core/asgi";

/** The scope of a GET. */
export function httpScope(path: string, headers: HeaderPairs = [], method = "GET"): HttpScope {
  const [rawPath = "", queryString = ""] = path.split("?");
  return {
    type: "http",
    asgi: { version: "3.0", specVersion: "2.5" },
    httpVersion: "1.1",
    method,
    scheme: "http",
    path: rawPath,
    rawPath,
    queryString,
    rootPath: "",
    headers,
    client: null,
    server: null,
  };
}

/** An application that sends these events. */
export function sending(...events: SendEvent[]): AsgiApplication {
  return async (_scope, _receive, send) => {
    for (const event of events) await send(event);
  };
}

/** What an application answers: its header and body, pieces joined. */
export async function answerOf(application: AsgiApplication, scope: HttpScope) {
  let headers: HeaderPairs = [];
  const pieces: Buffer[] = [];
  await application(
    scope,
    async () => ({ type: "http.request" }),
    async (event) => {
      if (event.type === "http.response.start") headers = event.headers ?? [];
      if (event.type === "http.response.body") pieces.push(Buffer.from(event.body ?? ""));
    },
  );
  const body = Buffer.concat(pieces);
  return {
    text: body.toString(),
    bytes: body.byteLength,
    length: headers.find(([name]) => name === "content-length")?.[1],
  };
}
