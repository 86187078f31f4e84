import type { PoolConfig } from "pg";
import type { PostgresOptions } from "../base/options.ts";

/** What the codecs of the fields read. */
const FORMATS = { TimeZone: "UTC", DateStyle: "ISO", IntervalStyle: "iso_8601" };

/** After how long a silent connection is probed for whether its other end is still there. */
const KEEP_ALIVE_DELAY = 30_000;

/** How node-postgres connects, of a URL and our options. What stands in the URL itself wins. */
export function connectionConfig(url: string, options: PostgresOptions): PoolConfig {
  const { address, settings } = splitUrl(url);
  return {
    connectionString: address,
    options: [...settings, ...serverSettings(options).map(commandLine)].join(" "),
    application_name: options.applicationName ?? "tsjango",
    connectionTimeoutMillis: options.connectTimeout ?? 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY,
    ...(options.ssl === undefined ? {} : { ssl: options.ssl }),
  };
}

function serverSettings(options: PostgresOptions): [string, string][] {
  const timeouts = {
    statement_timeout: options.statementTimeout,
    lock_timeout: options.lockTimeout,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeout,
  };
  // The last one counts: other formats would be misread.
  return Object.entries({ ...timeouts, ...options.parameters, ...FORMATS }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
}

function commandLine([name, value]: readonly [string, string]): string {
  return `-c ${name}=${value.replaceAll(/[\\\s]/g, "\\$&")}`;
}

/** node-postgres lets the URL's options replace ours; they are to be added. */
function splitUrl(url: string): { readonly address: string; readonly settings: readonly string[] } {
  if (!/[?&]options=/.test(url)) return { address: url, settings: [] };
  const parsed = new URL(url);
  const settings = parsed.searchParams.getAll("options");
  parsed.searchParams.delete("options");
  return { address: parsed.href, settings };
}
