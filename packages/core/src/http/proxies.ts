import { BlockList, isIP } from "node:net";
import type { HttpScope } from "../asgi/types.ts";

/** What a trusted proxy says of the client it speaks for. */
export interface Forwarded {
  readonly clientAddress: string | null;
  readonly scheme: "http" | "https";
  readonly host: string | undefined;
}

function parseRange(text: string): { address: string; prefix: number; family: "ipv4" | "ipv6" } | undefined {
  const [address = "", length, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return undefined;
  const [most, family] = version === 4 ? ([32, "ipv4"] as const) : ([128, "ipv6"] as const);
  if (length === undefined) return { address, prefix: most, family };
  return /^\d{1,3}$/.test(length) && Number(length) <= most ? { address, prefix: Number(length), family } : undefined;
}

/** Whether a text is an address, a range, or "unix" for clients over a unix socket. */
export function isAddressRange(text: string): boolean {
  return text === "unix" || parseRange(text) !== undefined;
}

const lists = new WeakMap<readonly string[], BlockList>();

function isTrusted(address: string | null | undefined, trusted: readonly string[]): boolean {
  if (address === null || address === undefined) return trusted.includes("unix");
  const version = isIP(address);
  if (version === 0) return false;
  let list = lists.get(trusted);
  if (list === undefined) {
    list = new BlockList();
    for (const text of trusted) {
      const range = parseRange(text);
      if (range !== undefined) list.addSubnet(range.address, range.prefix, range.family);
    }
    lists.set(trusted, list);
  }
  return list.check(address, version === 4 ? "ipv4" : "ipv6");
}

function last(list: string | undefined): string | undefined {
  return list?.slice(list.lastIndexOf(",") + 1).trim();
}

/** "1.2.3.4:80" and "[::1]:80" without port; undefined for what is no address. */
function plainAddress(text: string): string | undefined {
  const bare =
    /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? (/^[^:]*:\d+$/.test(text) ? text.replace(/:\d+$/, "") : text);
  return isIP(bare) === 0 ? undefined : bare;
}

/**
 * What the proxies in front say, or undefined where the request does not come from one of `trusted`. The client is the
 * last address of `X-Forwarded-For` that is no proxy of ours: those before it anybody can write.
 */
export function readForwarded(
  scope: HttpScope,
  header: (name: string) => string | undefined,
  trusted: readonly string[],
): Forwarded | undefined {
  const peer = scope.client?.[0] ?? null;
  if (!isTrusted(peer, trusted)) return undefined;
  let clientAddress = peer;
  for (const text of (header("x-forwarded-for") ?? "").split(",").slice(-50).reverse()) {
    const address = plainAddress(text.trim());
    if (address === undefined) break;
    clientAddress = address;
    if (!isTrusted(address, trusted)) break;
  }
  const proto = last(header("x-forwarded-proto"))?.toLowerCase();
  const scheme = proto === "https" || proto === "http" ? proto : scope.scheme;
  return { clientAddress, scheme, host: last(header("x-forwarded-host")) || undefined };
}
