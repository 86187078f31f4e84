/** What a `Cache-Control` may say. Times are in seconds. */
export interface CacheDirectives {
  readonly maxAge?: number;
  readonly sMaxage?: number;
  readonly public?: boolean;
  readonly private?: boolean;
  readonly noCache?: boolean;
  readonly noStore?: boolean;
  readonly noTransform?: boolean;
  readonly mustRevalidate?: boolean;
  readonly mustUnderstand?: boolean;
  readonly proxyRevalidate?: boolean;
  readonly immutable?: boolean;
  readonly staleWhileRevalidate?: number;
  readonly staleIfError?: number;
}

/** The part of a response's headers that is used here. */
interface Headers {
  get(name: string): string | null;
  set(name: string, value: string): void;
}

/**
 * Adds directives to the `Cache-Control` of a response. Of two ages the smaller one stays; `public` and `private`
 * replace each other. Source: `patch_cache_control`.
 */
export function patchCacheControl(headers: Headers, directives: CacheDirectives): void {
  const all = new Map<string, string | true>();
  for (const part of (headers.get("cache-control") ?? "").split(",")) {
    const [name = "", value] = part.trim().split("=", 2);
    if (name !== "") all.set(name.toLowerCase(), value ?? true);
  }
  const former = Number(all.get("max-age") ?? Number.NaN);
  for (const [key, value] of Object.entries(directives)) {
    const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (value === false || value === undefined) all.delete(name);
    else if (name === "max-age" && former < value) all.set(name, String(former));
    else all.set(name, value === true ? true : String(Math.trunc(value)));
  }
  if (directives.private === true) all.delete("public");
  else if (directives.public === true) all.delete("private");
  headers.set(
    "cache-control",
    [...all].map(([name, value]) => (value === true ? name : `${name}=${value}`)).join(", "),
  );
}

/** Has nobody keep a response. Source: `add_never_cache_headers`. */
export function neverCacheHeaders(headers: Headers): void {
  if (headers.get("expires") === null) headers.set("expires", new Date().toUTCString());
  patchCacheControl(headers, { maxAge: 0, noCache: true, noStore: true, mustRevalidate: true, private: true });
}
