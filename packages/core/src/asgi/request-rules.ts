/**
 * What is refused before an application sees it. node:http lets most of it through; each rule closes a way to have two
 * programs read one request differently. Source: RFC 9112; RFC 9110, section 5.3.
 */
export interface Refusal {
  readonly status: number;
  /** What the client is told. */
  readonly reason: string;
  readonly allow?: string;
}

/** The most characters of a request's target. */
export const MAX_TARGET = 8192;
/** The most header lines. */
export const MAX_HEADERS = 100;

// Visible ASCII, less what RFC 3986 has percent-encoded: " # < > \ ^ ` { | }
const TARGET = /^[!$-;=?-[\]_a-z~]+$/;
const ABSOLUTE = /^https?:\/\/[^/?]+/i;

/** Headers that a request has once; two of them would let a proxy read the one and the application the other. */
const SINGLE: readonly string[] = [
  "host",
  "content-type",
  "content-length",
  "content-encoding",
  "transfer-encoding",
  "authorization",
  "proxy-authorization",
  "range",
  "if-match",
  "if-none-match",
  "if-modified-since",
  "if-unmodified-since",
  "if-range",
  "expect",
  "origin",
  "referer",
];

/** What is known of a header by its name as it was sent. */
export interface HeaderName {
  readonly sent: string;
  readonly lower: string;
  /** A bit of its own for a header that may come once; 0 for others. */
  readonly bit: number;
  /** Names with "_" are dropped: in variables and logs they cannot be told from those with "-". */
  readonly dropped: boolean;
}

/** Names that came before, by their length: comparing the few of one length is faster than hashing a new string. */
const names: HeaderName[][] = [];
const MAX_LENGTH = 64;
const MAX_NAMES = 16;

/** The bits of headers that frame the body. */
export const LENGTH_BIT: number = bitOf("content-length");
/** The bit of `Transfer-Encoding`. */
export const ENCODING_BIT: number = bitOf("transfer-encoding");
/** The bit of `Host`. */
export const HOST_BIT: number = bitOf("host");

function bitOf(lower: string): number {
  const index = SINGLE.indexOf(lower);
  return index === -1 ? 0 : 1 << index;
}

/** Looks a header's name up. */
export function headerName(name: string): HeaderName {
  const known = names[name.length];
  if (known !== undefined) {
    for (let index = 0; index < known.length; index++) {
      const one = known[index] as HeaderName;
      if (one.sent === name) return one;
    }
  }
  const lower = name.toLowerCase();
  const made = { sent: name, lower, bit: bitOf(lower), dropped: name.includes("_") };
  if (known === undefined) {
    if (name.length <= MAX_LENGTH) names[name.length] = [made];
  } else if (known.length < MAX_NAMES) known.push(made);
  return made;
}

/** Why a request line is refused. */
export function refuseLine(method: string, url: string, httpVersion: string): Refusal | undefined {
  if (httpVersion !== "1.1" && httpVersion !== "1.0") {
    return { status: 505, reason: "This server speaks HTTP/1.1 and HTTP/1.0." };
  }
  if (url.length > MAX_TARGET) return { status: 414, reason: `The target is longer than ${MAX_TARGET} characters.` };
  if (method === "TRACE" || method === "CONNECT") return { status: 405, reason: `${method} is not served.`, allow: "" };
  if (!TARGET.test(url)) return { status: 400, reason: "The target has characters that must be percent-encoded." };
  if (url.charCodeAt(0) !== 47 /* "/" */) {
    if (url === "*" && method === "OPTIONS") {
      return { status: 204, reason: "", allow: "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" };
    }
    if (!ABSOLUTE.test(url)) return { status: 400, reason: "The target is neither a path nor an http address." };
  }
  return refusePath(url);
}

/** Why a path is refused: percent-encodings that are not UTF-8. */
export function refusePath(url: string): Refusal | undefined {
  if (!url.includes("%")) return undefined;
  const question = url.indexOf("?");
  try {
    decodeURIComponent(question === -1 ? url : url.slice(0, question));
    return undefined;
  } catch {
    return { status: 400, reason: "The path is not percent-encoded UTF-8." };
  }
}

/** Refused: too many header lines. */
export const TOO_MANY_HEADERS: Refusal = { status: 431, reason: `More than ${MAX_HEADERS} header lines.` };
/** Refused: a transfer encoding before HTTP/1.1. */
export const ENCODING_ON_1_0: Refusal = { status: 400, reason: "HTTP/1.0 has no Transfer-Encoding." };

/** Refused: a transfer encoding that is not chunked. */
export const UNKNOWN_ENCODING: Refusal = { status: 400, reason: "The only Transfer-Encoding served is chunked." };
/** Refused: HTTP/1.1 without a host. */
export const NO_HOST: Refusal = { status: 400, reason: "HTTP/1.1 needs the header Host." };

/** The refusal of a header that came twice. */
export function repeated(name: string): Refusal {
  return { status: 400, reason: `The header ${name} came more than once.` };
}
