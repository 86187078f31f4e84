import type { ConnectionOptions } from "node:tls";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { didYouMean } from "@tsjango/kernel/utils";
import { z } from "zod";

/** How an SQLite database is opened. */
export interface SqliteOptions {
  /** Milliseconds that a statement waits for another process to let go of the file, without blocking. Default 5000. */
  readonly timeout?: number | undefined;
  /** Milliseconds that a write waits behind other transactions of this process before `PoolTimeout`. Default 10,000. */
  readonly poolTimeout?: number | undefined;
  /** What `atomic` begins with. Default `"immediate"`: a transaction that turns from reading to writing would fail. */
  readonly transactionMode?: "deferred" | "immediate" | "exclusive" | undefined;
  /**
   * Pragmas for every connection, after those that are set by themselves: `{ synchronous: "full" }`.
   * Source: https://sqlite.org/pragma.html
   */
  readonly pragmas?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** How a PostgreSQL server is connected to. Times are in milliseconds; 0 is no limit. */
export interface PostgresOptions {
  /** Connections that stay open when nobody uses them. Default 0. */
  readonly minConnections?: number | undefined;
  /** How long a query waits for a connection of the pool before it throws `PoolTimeout`. Default 10,000. */
  readonly poolTimeout?: number | undefined;
  /** How long the server may take to accept a connection. Default 10,000. */
  readonly connectTimeout?: number | undefined;
  /** After how long an unused connection is closed. Default 300,000. */
  readonly idleTimeout?: number | undefined;
  /** How old a connection gets before it is replaced. Default an hour. */
  readonly maxLifetime?: number | undefined;
  /** The server ends a statement that takes longer. Default 0. */
  readonly statementTimeout?: number | undefined;
  /** The server ends a statement that waits longer for a lock. Default 0. */
  readonly lockTimeout?: number | undefined;
  /** The server ends a connection whose transaction does nothing for longer. Default 0. */
  readonly idleInTransactionTimeout?: number | undefined;
  /** How long an answer is waited for before the connection is given up: for servers that hang. Default 0. */
  readonly queryTimeout?: number | undefined;
  /** What the server shows of this program in `pg_stat_activity`. Default `"tsjango"`. */
  readonly applicationName?: string | undefined;
  /** Whether statements that repeat are kept at the server. False for PgBouncer before 1.21. Default true. */
  readonly preparedStatements?: boolean | undefined;
  /** Encryption, as `tls.connect` takes it; true for the defaults. The URL's `sslmode` does the same. */
  readonly ssl?: boolean | ConnectionOptions | undefined;
  /** The server's own settings for every connection: `{ search_path: "shop" }`. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>> | undefined;
}

const milliseconds = z.int().min(0).max(2_147_483_647).optional();
const scalars = (name: RegExp, value: RegExp) =>
  z.record(z.string().regex(name), z.union([z.string().regex(value), z.number(), z.boolean()])).optional();

const sqliteShape = {
  timeout: milliseconds,
  poolTimeout: milliseconds,
  transactionMode: z.enum(["deferred", "immediate", "exclusive"]).optional(),
  // They are written into statements, which take no parameters there.
  pragmas: scalars(/^[a-z_]+$/, /^\w+$/),
};

const postgresShape = {
  minConnections: z.int().min(0).optional(),
  poolTimeout: milliseconds,
  connectTimeout: milliseconds,
  idleTimeout: milliseconds,
  maxLifetime: milliseconds,
  statementTimeout: milliseconds,
  lockTimeout: milliseconds,
  idleInTransactionTimeout: milliseconds,
  queryTimeout: milliseconds,
  applicationName: z.string().min(1).optional(),
  preparedStatements: z.boolean().optional(),
  ssl: z
    .union([z.boolean(), z.custom<ConnectionOptions>((value) => typeof value === "object" && value !== null)])
    .optional(),
  parameters: scalars(/^[a-zA-Z_][\w.]*$/, /^[^\0]*$/),
};

/** What `settings.databases.<alias>.options` may hold; which of it fits is known with the URL. */
export const databaseOptionsSchema = z.strictObject({ ...sqliteShape, ...postgresShape }).optional();

/** The options of one kind of database. Throws `ImproperlyConfigured` for those of another. */
export function optionsFor(alias: string, vendor: "sqlite", options: object | undefined): SqliteOptions;
export function optionsFor(alias: string, vendor: "postgres", options: object | undefined): PostgresOptions;
export function optionsFor(alias: string, vendor: "sqlite" | "postgres", options: object = {}): object {
  const known = Object.keys(vendor === "sqlite" ? sqliteShape : postgresShape);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new ImproperlyConfigured(
      `settings.databases.${alias}.options: ${vendor === "sqlite" ? "SQLite" : "PostgreSQL"} has no option ` +
        `"${name}".${didYouMean(name, known)} It takes ${known.join(", ")}.`,
    );
  }
  return options;
}
