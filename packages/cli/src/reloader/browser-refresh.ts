import type { AsgiApplication, HeaderPairs, HttpScope, ResponseStart, Send } from "@tsjango/core/asgi";
import { refreshTag } from "./refresh-script.ts";

/**
 * Puts what refreshes the browser at a new build into the HTML pages of an application: into whole answers to GET that a
 * browser shows as a page. Fragments, encoded answers and streams without `</body>` stay as they are.
 */
export function withBrowserRefresh(application: AsgiApplication, build: () => string | undefined): AsgiApplication {
  return function refreshed(scope, receive, send) {
    const current = build();
    const page = scope.type === "http" && current !== undefined && asksForPage(scope);
    return application(scope, receive, page ? injecting(send, current) : send);
  };
}

function asksForPage({ method, headers }: HttpScope): boolean {
  if (method !== "GET") return false;
  const destination = headers.find(([name]) => name === "sec-fetch-dest")?.[1];
  // What a script fetches is put into a page that has it already.
  return destination === undefined || destination === "document" || destination === "iframe";
}

function injecting(send: Send, build: string): Send {
  /** Held back until the body has come, as its length is in there. */
  let start: ResponseStart | undefined;
  let tag: string | undefined;
  return async (event) => {
    if (event.type === "http.response.start") {
      tag = tagFor(event.headers ?? [], build);
      if (tag === undefined) return send(event);
      start = event;
      return;
    }
    if (event.type !== "http.response.body" || tag === undefined) return send(event);
    const first = start;
    start = undefined;
    // What comes in pieces was announced with a length that counts on them staying as they are.
    if (first !== undefined && event.moreBody === true && hasLength(first)) tag = undefined;
    const body = tag === undefined ? undefined : insert(event.body ?? "", tag);
    const added = body === undefined || tag === undefined ? 0 : Buffer.byteLength(tag);
    if (first !== undefined) await send({ ...first, headers: longer(first.headers ?? [], added) });
    if (body === undefined) return send(event);
    tag = undefined;
    return send({ ...event, body });
  };
}

/** The script's tag, if a response with these headers is an HTML page that can be read. */
function tagFor(headers: HeaderPairs, build: string): string | undefined {
  const value = (wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  if (!/^text\/html\b/i.test(value("content-type") ?? "") || value("content-encoding") !== undefined) return undefined;
  const nonce = /'nonce-([^']+)'/.exec(value("content-security-policy") ?? "")?.[1];
  return refreshTag(build, nonce);
}

function hasLength({ headers = [] }: ResponseStart): boolean {
  return headers.some(([name]) => name.toLowerCase() === "content-length");
}

function longer(headers: HeaderPairs, added: number): HeaderPairs {
  if (added === 0) return headers;
  return headers.map(([name, value]) =>
    name.toLowerCase() === "content-length" ? [name, String(Number(value) + added)] : [name, value],
  );
}

/** The body with the tag before its last `</body>`; undefined where it has none. */
function insert(body: string | Uint8Array, tag: string): string | Uint8Array | undefined {
  // One byte a character, so that positions in text and bytes are the same.
  const text = typeof body === "string" ? body : Buffer.from(body).toString("latin1");
  const at = text.toLowerCase().lastIndexOf("</body>");
  if (at < 0) return undefined;
  if (typeof body === "string") return body.slice(0, at) + tag + body.slice(at);
  return Buffer.concat([body.subarray(0, at), Buffer.from(tag), body.subarray(at)]);
}
