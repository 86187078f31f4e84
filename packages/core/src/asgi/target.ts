import { percentDecode } from "../utils/percent-decode.ts";

/** A request target taken apart: what ASGI calls path, raw path and query string. */
export interface Target {
  readonly path: string;
  readonly rawPath: string;
  readonly queryString: string;
  /** The host of an absolute target, which stands before the `Host` header: RFC 9112, section 3.2.2. */
  readonly authority: string | undefined;
}

/** Splits the request line's target. An absolute one (`GET http://host/path`) loses its scheme and authority. */
export function parseTarget(url: string): Target {
  let target = url;
  let authority: string | undefined;
  if (target.charCodeAt(0) !== 47 /* "/" */ && target !== "*") {
    const start = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target);
    authority = start?.[1];
    target = start === null ? `/${target}` : target.slice(start[0].length);
    if (target.charCodeAt(0) !== 47) target = `/${target}`;
  }
  const question = target.indexOf("?");
  const rawPath = question === -1 ? target : target.slice(0, question);
  const queryString = question === -1 ? "" : target.slice(question + 1);
  return { path: percentDecode(rawPath), rawPath, queryString, authority };
}

/**
 * The path as it is routed: a "/" that was sent as "%2F" stays encoded, so that it never counts as a separator, which
 * proxies before this server would not have seen.
 */
export function routedPath(path: string, rawPath: string): string {
  if (path === rawPath || !/%2f/i.test(rawPath)) return path;
  return rawPath.split(/%2f/i).map(percentDecode).join("%2F");
}
