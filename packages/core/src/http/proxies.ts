import { BlockList, isIP } from "node:net";
import type { HttpScope } from "../asgi/types.ts";
import { parseParameters } from "./header-parameters.ts";

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

/** How many addresses are read, from the end. */
const MOST_PROXIES = 50;

/** The headers that proxies in front speak by; never both, as a proxy passes on what it doesn't set. */
export type ProxyHeaders = "x-forwarded" | "forwarded";

interface Trust {
  readonly trusted: readonly string[];
  readonly headers: ProxyHeaders;
}

/**
 * What the proxies in front say, or undefined where the request does not come from one of `trusted`. The client is the
 * last address that is no proxy of ours: those before it anybody can write.
 */
export function readForwarded(
  scope: HttpScope,
  header: (name: string) => string | undefined,
  { trusted, headers }: Trust,
): Forwarded | undefined {
  const peer = scope.client?.[0] ?? null;
  if (!isTrusted(peer, trusted)) return undefined;
  const said = headers === "forwarded" ? saidByForwarded(header, trusted) : saidByXForwarded(header, trusted);
  const proto = said.proto?.toLowerCase();
  return {
    clientAddress: said.address ?? peer,
    scheme: proto === "https" || proto === "http" ? proto : scope.scheme,
    host: said.host || undefined,
  };
}

/** As it was sent. */
interface Said {
  readonly address?: string | undefined;
  readonly proto?: string | undefined;
  readonly host?: string | undefined;
}

function saidByXForwarded(header: (name: string) => string | undefined, trusted: readonly string[]): Said {
  let client: string | undefined;
  for (const text of (header("x-forwarded-for") ?? "").split(",").slice(-MOST_PROXIES).reverse()) {
    const address = plainAddress(text.trim());
    if (address === undefined) break;
    client = address;
    if (!isTrusted(address, trusted)) break;
  }
  return { address: client, proto: last(header("x-forwarded-proto")), host: last(header("x-forwarded-host")) };
}

/** All of it from the proxy that the client speaks to, or where that says nothing, from the next. Source: RFC 7239. */
function saidByForwarded(header: (name: string) => string | undefined, trusted: readonly string[]): Said {
  let said: Said = {};
  let count = 0;
  for (const text of elementsFromEnd(header("forwarded") ?? "")) {
    const element = parseParameters(`forwarded;${text}`)?.parameters;
    if (element === undefined || ++count > MOST_PROXIES) break;
    const address = plainAddress(element.get("for") ?? "");
    said = {
      address: address ?? said.address,
      proto: element.get("proto") ?? said.proto,
      host: element.get("host") ?? said.host,
    };
    if (address === undefined || !isTrusted(address, trusted)) break;
  }
  return said;
}

/** The elements of `Forwarded`, the last first: a quote that a client leaves open reaches none that a proxy has added. */
function* elementsFromEnd(text: string): Generator<string> {
  let end = text.length;
  let quoted = false;
  for (let at = end - 1; at >= 0; at--) {
    if (text[at] === '"' && text[at - 1] !== "\\") quoted = !quoted;
    else if (text[at] === "," && !quoted) {
      yield text.slice(at + 1, end);
      end = at;
    }
  }
  yield text.slice(0, end);
}
