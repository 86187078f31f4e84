/** What a response is of: its tag, quotes included, and when it last changed. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: Date | undefined;
}

/** Reads one header of a request. */
type ReadHeader = (name: string) => string | undefined;

const ETAG = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

/** A tag with the quotes it is sent in; a text with quotes stays as it is. Source: `quote_etag`. */
export function quoteEtag(tag: string): string {
  return ETAG.test(tag) ? tag : `"${tag}"`;
}

/** The tags of `If-Match` or `If-None-Match`; `["*"]` for any. What is no tag is left out. */
export function parseEtags(header: string): string[] {
  if (header.trim() === "*") return ["*"];
  return header.split(",").flatMap((part) => (ETAG.test(part.trim()) ? [part.trim()] : []));
}

const HTTP_DATE =
  /^(?:[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT|[A-Z][a-z]+, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})$/;

/** A date of a header in milliseconds; undefined for what is none of HTTP's three forms. */
export function parseHttpDate(header: string): number | undefined {
  if (!HTTP_DATE.test(header)) return undefined;
  const time = Date.parse(header.endsWith("GMT") ? header : `${header} GMT`);
  return Number.isNaN(time) ? undefined : time;
}

const weak = (tag: string) => tag.replace(/^W\//, "");

function matches(etag: string | undefined, tags: readonly string[]): boolean {
  if (etag === undefined) return false;
  return tags[0] === "*" || (!etag.startsWith("W/") && tags.includes(etag));
}

function matchesNone(etag: string | undefined, tags: readonly string[]): boolean {
  if (etag === undefined) return true;
  return tags[0] !== "*" && !tags.some((tag) => weak(tag) === weak(etag));
}

/**
 * What a request's conditions say: the status 304 or 412, or undefined where the response is to be sent.
 * Source: https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
 */
export function evaluateConditions(method: string, header: ReadHeader, validators: Validators): 304 | 412 | undefined {
  const { etag, lastModified } = validators;
  // Headers know no milliseconds.
  const modified = lastModified === undefined ? undefined : Math.floor(lastModified.getTime() / 1000) * 1000;
  const reads = method === "GET" || method === "HEAD";
  const ifMatch = header("if-match");
  const ifNoneMatch = header("if-none-match");
  if (ifMatch !== undefined) {
    if (!matches(etag, parseEtags(ifMatch))) return 412;
  } else {
    const since = parseHttpDate(header("if-unmodified-since") ?? "");
    if (since !== undefined && (modified === undefined || modified > since)) return 412;
  }
  if (ifNoneMatch !== undefined) {
    if (!matchesNone(etag, parseEtags(ifNoneMatch))) return reads ? 304 : 412;
  } else if (reads && modified !== undefined) {
    const since = parseHttpDate(header("if-modified-since") ?? "");
    if (since !== undefined && modified <= since) return 304;
  }
  return undefined;
}
