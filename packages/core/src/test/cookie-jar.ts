interface Cookie {
  readonly value: string;
  readonly path: string;
  readonly secure: boolean;
  readonly expires: number;
}

/** The cookies that a test client keeps: by name and path, with expiry and `Secure`. */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie & { readonly name: string }>();

  /** The value of a cookie, as it was sent. */
  get(name: string): string | undefined {
    for (const cookie of this.#live()) if (cookie.name === name) return cookie.value;
    return undefined;
  }

  /** Puts a cookie of the test's own. */
  set(name: string, value: string): void {
    this.#cookies.set(`${name};/`, { name, value, path: "/", secure: false, expires: Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#cookies.clear();
  }

  /** Keeps what a response's `Set-Cookie` lines say. */
  store(headers: Headers, url: URL): void {
    for (const line of headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(";");
      const equals = pair.indexOf("=");
      if (equals < 1) continue;
      const given = new Map(
        attributes.map((attribute): [string, string] => {
          const at = attribute.indexOf("=");
          const key = (at === -1 ? attribute : attribute.slice(0, at)).trim().toLowerCase();
          return [key, at === -1 ? "" : attribute.slice(at + 1).trim()];
        }),
      );
      const name = pair.slice(0, equals).trim();
      const path = given.get("path") || url.pathname.replace(/[^/]*$/, "") || "/";
      const maxAge = given.get("max-age");
      const date = given.get("expires");
      const until =
        maxAge !== undefined ? Date.now() + Number(maxAge) * 1000 : date !== undefined ? Date.parse(date) : Infinity;
      this.#cookies.set(`${name};${path}`, {
        name,
        value: pair.slice(equals + 1).trim(),
        path,
        secure: given.has("secure"),
        expires: Number.isNaN(until) ? Infinity : until,
      });
    }
  }

  /** The `Cookie` header of a request to `url`; the longest paths first. */
  header(url: URL): string {
    return this.#live()
      .filter(({ path, secure }) => (!secure || url.protocol === "https:") && pathMatches(url.pathname, path))
      .sort((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
  }

  #live(): (Cookie & { readonly name: string })[] {
    return [...this.#cookies.values()].filter(({ expires }) => expires > Date.now());
  }
}

function pathMatches(path: string, cookiePath: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith("/") ? cookiePath : `${cookiePath}/`);
}
