import { isAbsolute, resolve } from "node:path";
import { settings } from "@tsjango/kernel/conf";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { didYouMean } from "@tsjango/kernel/utils";
import type { Backend } from "./backends/base/backend.ts";
import type { PostgresOptions, SqliteOptions } from "./backends/base/options.ts";
import { PostgresBackend } from "./backends/postgres/backend.ts";
import { SqliteBackend } from "./backends/sqlite/backend.ts";
import { DEFAULT_ALIAS } from "./constants.ts";

/** One database, as `settings.databases` names it. */
export interface DatabaseOptions {
  /** `sqlite:db.sqlite3` (relative to `baseDir`), `sqlite::memory:`, `postgres://user:password@host:5432/name`. */
  readonly url: string;
  /** The most connections of one process to a PostgreSQL server. Default 10. */
  readonly maxConnections?: number | undefined;
  /** How the database of this URL is opened: timeouts, pragmas, encryption. */
  readonly options?: SqliteOptions | PostgresOptions | undefined;
}

/** What an unloaded relation loads when it is awaited. */
export type FetchMode = "peers" | "one" | "raise";

declare module "@tsjango/kernel/conf" {
  interface SettingsInput {
    /** The databases by alias; `default` is used where no other is named: `{ default: env.database("DATABASE_URL") }`. */
    databases?: Readonly<Record<string, DatabaseOptions>>;
    /**
     * What an unloaded relation loads when it is awaited: for all rows of its result ("peers", the default), for its row
     * alone ("one"), or nothing: it throws ("raise").
     */
    fetchMode?: FetchMode;
    /** From how many milliseconds on a statement is logged as a warning of `tsjango.database`. Default: never. */
    slowQueryThreshold?: number;
  }
  interface Settings {
    readonly fetchMode?: FetchMode | undefined;
    readonly slowQueryThreshold?: number | undefined;
    readonly databases: Readonly<Record<string, DatabaseOptions>>;
  }
}

/** What the settings say; settings that were not checked may say nothing. */
export function defaultFetchMode(): FetchMode {
  return ("fetchMode" in settings ? settings.fetchMode : undefined) ?? "peers";
}

/** The databases of the running project, opened when they are first used. */
export class Connections {
  readonly #open = new Map<string, Backend>();
  readonly #overrides = new Map<string, string>();

  /** The database of this alias. Throws `ImproperlyConfigured` where the settings have none of that name. */
  get(alias: string = DEFAULT_ALIAS): Backend {
    let backend = this.#open.get(alias);
    if (backend === undefined) {
      backend = openDatabase(alias, this.options(alias));
      this.#open.set(alias, backend);
    }
    return backend;
  }

  /** The aliases that the settings name. */
  aliases(): string[] {
    return Object.keys(settings.databases);
  }

  /** The options of a database, with its test database's URL while tests run. */
  options(alias: string): DatabaseOptions {
    const databases = settings.databases;
    const options = Object.hasOwn(databases, alias) ? databases[alias] : undefined;
    if (options === undefined) {
      const known = Object.keys(databases);
      throw new ImproperlyConfigured(
        `settings.databases has no "${alias}".${didYouMean(alias, known)} ` +
          (known.length > 0
            ? `Choices: ${known.join(", ")}.`
            : `Add databases: { ${alias}: env.database("DATABASE_URL", "sqlite:db.sqlite3") }.`),
      );
    }
    return { ...options, url: this.#overrides.get(alias) ?? options.url };
  }

  /** Uses another URL for a database from now on; tests give each worker its own. Undefined takes it back. */
  async override(alias: string, url: string | undefined): Promise<void> {
    const open = this.#open.get(alias);
    this.#open.delete(alias);
    if (url === undefined) this.#overrides.delete(alias);
    else this.#overrides.set(alias, url);
    await open?.close();
  }

  /** Closes every connection. What is used afterwards opens again. */
  async closeAll(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(open.map((backend) => backend.close()));
  }
}

/** Makes the backend of a database URL; it connects when it is used. */
export function openDatabase(alias: string, options: DatabaseOptions): Backend {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(options.url)?.[1]?.toLowerCase();
  if (scheme === "sqlite") {
    return new SqliteBackend(alias, sqliteFile(options.url.slice("sqlite:".length)), options.options);
  }
  if (scheme === "postgres" || scheme === "postgresql") return new PostgresBackend(alias, options);
  throw new ImproperlyConfigured(
    `settings.databases.${alias}: ${scheme === undefined ? "there is no scheme" : `"${scheme}:" is not known`} in its URL. ` +
      `Write "sqlite:db.sqlite3" or "postgres://user:password@host:5432/name".`,
  );
}

function sqliteFile(rest: string): string {
  const path = rest.startsWith("//") ? rest.slice(2) : rest;
  if (path === ":memory:" || isAbsolute(path)) return path;
  return resolve(settings.baseDir, path);
}

/** The databases of this process. */
export const connections: Connections = new Connections();
