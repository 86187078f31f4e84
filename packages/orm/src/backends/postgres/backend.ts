import { maskSecrets } from "@tsjango/kernel/utils";
import type { RootOperationNode } from "kysely";
import type { Backend, CompiledStatement } from "../base/backend.ts";
import type { Connection, Cursor, StatementOptions, StatementResult } from "../base/connection.ts";
import type { Features } from "../base/features.ts";
import type { SqlFunctions } from "../base/functions.ts";
import type { Operations } from "../base/operations.ts";
import { optionsFor, type PostgresOptions } from "../base/options.ts";
import { PostgresDriver } from "./driver.ts";
import { postgresFunctions } from "./functions.ts";
import { postgresOperations } from "./operations.ts";
import { OneNumberEach } from "./query-compiler.ts";

const queryId = { queryId: "tsjango" };

/** What a PostgreSQL database is opened with. */
export interface PostgresBackendOptions {
  readonly url: string;
  readonly maxConnections?: number | undefined;
  readonly options?: object | undefined;
}

/** A PostgreSQL database behind a pool of connections. */
export class PostgresBackend implements Backend {
  readonly alias: string;
  readonly vendor = "postgres" as const;
  readonly features: Features = {
    maxParameters: 65_000,
    synchronous: false,
    distinctOn: true,
    rowLocks: true,
    postgresExtras: true,
    updatesAtOnce: true,
    selectsOnlyRead: false,
  };
  readonly operations: Operations = postgresOperations;
  readonly functions: SqlFunctions = postgresFunctions;
  readonly #url: string;
  readonly #maxConnections: number;
  readonly #options: PostgresOptions;
  readonly #compiler = new OneNumberEach();
  #driver: PostgresDriver | undefined;

  constructor(alias: string, { url, maxConnections = 10, options }: PostgresBackendOptions) {
    this.alias = alias;
    this.#url = url;
    this.#maxConnections = maxConnections;
    this.#options = optionsFor(alias, "postgres", options);
  }

  get displayName(): string {
    // A password may hold what ends a host elsewhere: rather too much is left out than too little.
    return String(maskSecrets(this.#url.replace(/\/\/.*@/, "//")));
  }

  get #open(): PostgresDriver {
    this.#driver ??= new PostgresDriver({
      url: this.#url,
      maxConnections: this.#maxConnections,
      name: this.displayName,
      alias: this.alias,
      options: this.#options,
    });
    return this.#driver;
  }

  compileQuery(node: RootOperationNode): CompiledStatement {
    const { sql, parameters } = this.#compiler.compileQuery(node, queryId);
    return { sql, parameters };
  }
  async connect(): Promise<Connection> {
    return this.#open.acquire();
  }
  async execute(
    sql: string,
    parameters: readonly unknown[] = [],
    options: StatementOptions = {},
  ): Promise<StatementResult> {
    return this.#open.execute(sql, parameters, options);
  }
  async cursor(sql: string, parameters: readonly unknown[] = []): Promise<Cursor> {
    return this.#open.cursor(sql, parameters);
  }
  async version(): Promise<string> {
    const { rows } = await this.execute("SHOW server_version");
    return `PostgreSQL ${String(rows[0]?.[0])}`;
  }
  async close(): Promise<void> {
    const driver = this.#driver;
    this.#driver = undefined;
    await driver?.close();
  }
}
