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
  const patterns = debug && allowed.length === 0 ? LOOPBACK : allowed;
  if (host === last.host && patterns === last.patterns) return true;
  if (accepted.get(patterns)?.has(host) === true) {
    last = { host, patterns };
    return true;
  }
  const name = hostName(host);
  if (name === undefined || !patterns.some((pattern) => matches(name, pattern.toLowerCase()))) return false;
  remember(host, patterns);
  return true;
}

function matches(name: string, wanted: string): boolean {
  if (wanted === "*" || wanted === name) return true;
  return wanted.startsWith(".") && (name.endsWith(wanted) || name === wanted.slice(1));
}

/** Hosts found good before, by the list they were found in. */
const accepted = new WeakMap<readonly string[], Set<string>>();
const MAX_ACCEPTED = 100;
/** The one found good last: most sites have one host. */
let last: { readonly host: string | undefined; readonly patterns: readonly string[] } = {
  host: undefined,
  patterns: [],
};

function remember(host: string, patterns: readonly string[]): void {
  const hosts = accepted.get(patterns) ?? new Set();
  if (hosts.size < MAX_ACCEPTED) hosts.add(host);
  accepted.set(patterns, hosts);
}
