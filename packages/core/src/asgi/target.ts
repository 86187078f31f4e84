/** A request target taken apart: what ASGI calls path, raw path and query string. */
export interface Target {
  readonly path: string;
  readonly rawPath: string;
  readonly queryString: string;
}

/** Splits the request line's target. An absolute one (`GET http://host/path`) loses its scheme and authority. */
export function parseTarget(url: string): Target {
  let target = url;
  if (target.charCodeAt(0) !== 47 /* "/" */ && target !== "*") {
    const start = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(target);
    target = start === null ? `/${target}` : target.slice(start[0].length);
    if (target.charCodeAt(0) !== 47) target = `/${target}`;
  }
  const question = target.indexOf("?");
  const rawPath = question === -1 ? target : target.slice(0, question);
  const queryString = question === -1 ? "" : target.slice(question + 1);
  return { path: decodePath(rawPath), rawPath, queryString };
}

/** Percent-decodes a path and reads it as UTF-8; what is not UTF-8 becomes U+FFFD, a lone "%" stays. */
export function decodePath(rawPath: string): string {
  if (!rawPath.includes("%")) return rawPath;
  try {
    return decodeURIComponent(rawPath);
  } catch {
    const bytes = rawPath.replace(/%([0-9a-f]{2})/gi, (_match, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return Buffer.from(bytes, "latin1").toString("utf8");
  }
}
