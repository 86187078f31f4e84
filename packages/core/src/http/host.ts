/** Hosts that are allowed in debug mode where no others are named. */
const LOOPBACK: readonly string[] = ["localhost", ".localhost", "127.0.0.1", "[::1]"];
const HOST = /^([a-z0-9.-]+|\[[a-f0-9]*:[a-f0-9.:]+\])(?::([0-9]{1,5}))?$/;

/** The host's name without port, in lower case, or undefined when the header is not valid. */
export function hostName(host: string): string | undefined {
  const match = HOST.exec(host.toLowerCase());
  if (match === null) return undefined;
  const name = match[1] as string;
  return name.endsWith(".") ? name.slice(0, -1) : name;
}

/**
 * Whether `host` (a `Host` header) is one of `allowed`: exact names, `.example.com` for a domain with all below it,
 * `*` for any. With `debug` and none allowed, loopback names are.
 */
export function isAllowedHost(host: string, allowed: readonly string[], debug: boolean): boolean {
  const name = hostName(host);
  if (name === undefined) return false;
  return (debug && allowed.length === 0 ? LOOPBACK : allowed).some((pattern) => {
    const wanted = pattern.toLowerCase();
    if (wanted === "*" || wanted === name) return true;
    return wanted.startsWith(".") && (name.endsWith(wanted) || name === wanted.slice(1));
  });
}
