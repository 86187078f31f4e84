import type { RootOperationNode } from "kysely";
import type { Connection, Cursor, StatementOptions, StatementResult } from "./connection.ts";
import type { Features } from "./features.ts";
import type { SqlFunctions } from "./functions.ts";
import type { Operations } from "./operations.ts";

/** The databases that this package knows. */
export type Vendor = "sqlite" | "postgres";

/** A statement as a driver takes it. */
export interface CompiledStatement extends StatementOptions {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** One configured database: it compiles, connects and executes. */
export interface Backend {
  readonly alias: string;
  readonly vendor: Vendor;
  readonly features: Features;
  readonly operations: Operations;
  readonly functions: SqlFunctions;
  /** What is shown of it in messages; never with a password. */
  readonly displayName: string;
  compileQuery(node: RootOperationNode): CompiledStatement;
  /** A connection for one user alone, until its `release()`; one that only reads may be had beside others that write. */
  connect(options?: { readonly readOnly?: boolean | undefined }): Promise<Connection>;
  /** Runs one statement outside any transaction. */
  execute(sql: string, parameters?: readonly unknown[], options?: StatementOptions): Promise<StatementResult>;
  /** Fetches the rows of one reading statement in parts, outside any transaction. */
  cursor(sql: string, parameters?: readonly unknown[], options?: StatementOptions): Promise<Cursor>;
  /** Runs one reading statement at once, where the driver can; SQLite only. */
  executeSync?(sql: string, parameters?: readonly unknown[], options?: StatementOptions): StatementResult;
  /** The product and its version: `SQLite 3.54.1`, `PostgreSQL 18.1`. */
  version(): Promise<string>;
  /** Closes all connections. It opens again when it is used. */
  close(): Promise<void>;
}
