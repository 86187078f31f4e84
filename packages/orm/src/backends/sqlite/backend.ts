import { type RootOperationNode, SqliteQueryCompiler } from "kysely";
import type { Backend, CompiledStatement } from "../base/backend.ts";
import type { Connection, Cursor, StatementOptions, StatementResult } from "../base/connection.ts";
import type { Features } from "../base/features.ts";
import type { SqlFunctions } from "../base/functions.ts";
import type { Operations } from "../base/operations.ts";
import { optionsFor, type SqliteOptions } from "../base/options.ts";
import { SqliteDriver } from "./driver.ts";
import { sqliteFunctions } from "./functions.ts";
import { sqliteOperations } from "./operations.ts";

const queryId = { queryId: "tsjango" };

/** An SQLite database file, or one in memory. */
export class SqliteBackend implements Backend {
  readonly alias: string;
  readonly vendor = "sqlite" as const;
  readonly features: Features = {
    maxParameters: 32_000,
    synchronous: true,
    distinctOn: false,
    rowLocks: false,
    postgresExtras: false,
    updatesAtOnce: false,
    selectsOnlyRead: true,
  };
  readonly operations: Operations = sqliteOperations;
  readonly functions: SqlFunctions = sqliteFunctions;
  /** The absolute path, or `:memory:`. */
  readonly file: string;
  readonly #options: SqliteOptions;
  readonly #compiler = new SqliteQueryCompiler();
  #driver: SqliteDriver | undefined;

  constructor(alias: string, file: string, options?: object) {
    this.alias = alias;
    this.file = file;
    this.#options = optionsFor(alias, "sqlite", options);
  }

  get displayName(): string {
    return `sqlite:${this.file}`;
  }

  get #open(): SqliteDriver {
    this.#driver ??= new SqliteDriver(this.file, this.#options);
    return this.#driver;
  }

  compileQuery(node: RootOperationNode): CompiledStatement {
    const { sql, parameters } = this.#compiler.compileQuery(node, queryId);
    return { sql, parameters };
  }
  async connect({ readOnly = false }: { readonly readOnly?: boolean | undefined } = {}): Promise<Connection> {
    return this.#open.acquire(readOnly);
  }
  execute(sql: string, parameters: readonly unknown[] = [], options: StatementOptions = {}): Promise<StatementResult> {
    try {
      return this.#open.execute(sql, parameters, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }
  async cursor(sql: string, parameters: readonly unknown[] = [], options: StatementOptions = {}): Promise<Cursor> {
    return this.#open.cursor(sql, parameters, options);
  }
  executeSync(sql: string, parameters: readonly unknown[] = [], options: StatementOptions = {}): StatementResult {
    return this.#open.executeSync(sql, parameters, options);
  }
  async version(): Promise<string> {
    const { rows } = await this.execute("SELECT sqlite_version()");
    return `SQLite ${String(rows[0]?.[0])}`;
  }
  async close(): Promise<void> {
    const driver = this.#driver;
    this.#driver = undefined;
    await driver?.close();
  }
}
