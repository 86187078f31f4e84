import { BadHeaderError } from "../exceptions.ts";

/** What a cookie may be told. */
export interface CookieOptions {
  /** Seconds to live; absent, it lasts until the browser closes. */
  readonly maxAge?: number | undefined;
  readonly expires?: Date | undefined;
  /** Default: "/". */
  readonly path?: string | undefined;
  readonly domain?: string | undefined;
  /** Sent over https only. */
  readonly secure?: boolean | undefined;
  /** Out of reach of the page's scripts. */
  readonly httpOnly?: boolean | undefined;
  readonly sameSite?: "lax" | "strict" | "none" | undefined;
}

const MAX_COOKIES = 50;
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const ATTRIBUTE = /^[\x20-\x3a\x3c-\x7e]*$/;
// cookie-octet of RFC 6265, less "%", which marks what is encoded.
const NOT_PLAIN = /[^\x21\x23\x24\x26-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]/gu;

/**
 * Reads a `Cookie` header: split at ";" only; of two cookies with one name, the first counts (it has the longer path).
 * Values encoded by `setCookie` are decoded. At most 50 are read.
 */
export function parseCookies(header: string): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const part of header.split(";", MAX_COOKIES)) {
    const equals = part.indexOf("=");
    if (equals === -1) continue;
    const name = part.slice(0, equals).trim();
    if (name === "" || cookies.has(name)) continue;
    const value = part.slice(equals + 1).trim();
    cookies.set(name, decodeValue(/^".*"$/s.test(value) ? value.slice(1, -1) : value));
  }
  return cookies;
}

function decodeValue(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/**
 * Writes a `Set-Cookie` value; characters that a cookie cannot hold are percent-encoded.
 * Source: https://www.rfc-editor.org/rfc/rfc6265
 * @throws BadHeaderError for a name, path or domain that is not valid.
 */
export function serializeCookie(name: string, value: string, options: CookieOptions = {}): string {
  if (!NAME.test(name)) throw new BadHeaderError(`A cookie cannot be named ${JSON.stringify(name)}.`);
  let text = `${name}=${value.toWellFormed().replace(NOT_PLAIN, encodeURIComponent)}`;
  const { maxAge, expires, domain, sameSite } = options;
  if (domain !== undefined) text += `; Domain=${attribute("domain", domain)}`;
  if (expires !== undefined) text += `; Expires=${expires.toUTCString()}`;
  if (maxAge !== undefined) text += `; Max-Age=${Math.trunc(maxAge)}`;
  text += `; Path=${attribute("path", options.path ?? "/")}`;
  if (options.httpOnly === true) text += "; HttpOnly";
  if (options.secure === true) text += "; Secure";
  if (sameSite !== undefined) text += `; SameSite=${sameSite.charAt(0).toUpperCase()}${sameSite.slice(1)}`;
  return text;
}

function attribute(name: string, value: string): string {
  if (ATTRIBUTE.test(value)) return value;
  throw new BadHeaderError(`A cookie's ${name} cannot be ${JSON.stringify(value)}.`);
}
