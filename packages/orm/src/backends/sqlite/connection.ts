import { setImmediate as turn } from "node:timers/promises";
import { OperationalError } from "../../exceptions.ts";
import type { BeginOptions, Connection, Cursor, StatementOptions, StatementResult } from "../base/connection.ts";
import { isLongBurst } from "./burst.ts";
import { KeptRows, SqliteCursor } from "./cursor.ts";
import type { Handle } from "./handle.ts";
import { isHeld, patiently } from "./patience.ts";
import { readInSlices, type Sizes } from "./slices.ts";

/** What a connection is told by its driver. */
export interface SqliteConnectionInit {
  readonly handle: Handle;
  readonly sizes: Sizes;
  /** How long another process is waited for, in ms. */
  readonly timeout: number;
  readonly transactionMode: "deferred" | "immediate" | "exclusive";
  /** Gives the handle back. */
  readonly free: () => void;
}

/** A handle held by one user. */
export class SqliteConnection implements Connection {
  readonly #handle: Handle;
  readonly #init: SqliteConnectionInit;
  readonly #cursors = new Set<SqliteCursor>();
  /** The statement that is read in slices; others wait for its end. */
  #slicing: Promise<unknown> | undefined;
  #released = false;

  constructor(init: SqliteConnectionInit) {
    this.#handle = init.handle;
    this.#init = init;
  }

  async execute(
    sql: string,
    parameters: readonly unknown[] = [],
    options?: StatementOptions,
  ): Promise<StatementResult> {
    if (isLongBurst()) await turn();
    while (this.#slicing !== undefined) await this.#slicing;
    if (!this.#init.sizes.isSmall(sql) && this.#isQuery(sql, options)) return this.#readAll(sql, parameters, options);
    try {
      return this.executeSync(sql, parameters, options);
    } catch (error) {
      if (!isHeld(error)) throw error;
      return patiently(this.#init.timeout, () => this.executeSync(sql, parameters, options));
    }
  }

  executeSync(sql: string, parameters: readonly unknown[] = [], options?: StatementOptions): StatementResult {
    this.#refuseReleased();
    return this.#handle.run(sql, parameters, options);
  }

  async cursor(sql: string, parameters: readonly unknown[] = [], options: StatementOptions = {}): Promise<Cursor> {
    this.#refuseReleased();
    if (!this.#handle.database.readonly) return new KeptRows((await this.#readAll(sql, parameters, options)).rows);
    const cursor = new SqliteCursor(this.#handle, { ...options, sql, parameters }, () => this.#cursors.delete(cursor));
    this.#cursors.add(cursor);
    return cursor;
  }

  async begin({ readOnly = false }: BeginOptions = {}): Promise<void> {
    if (readOnly) this.#handle.database.pragma("query_only = ON");
    // A deferred transaction that turns from reading to writing fails at once when another one has written.
    const mode = readOnly ? "" : ` ${this.#init.transactionMode.toUpperCase()}`;
    await patiently(this.#init.timeout, () => this.#handle.run(`BEGIN${mode}`, []));
  }
  async commit(): Promise<void> {
    this.#endCursors();
    // Nothing ends a COMMIT but its timeout.
    await patiently(
      this.#init.timeout,
      () => this.#handle.run("COMMIT", []),
      () => undefined,
    );
  }
  async rollback(): Promise<void> {
    this.#endCursors();
    // Some errors end the transaction by themselves.
    if (this.#handle.database.inTransaction) this.#handle.run("ROLLBACK", []);
  }
  async savepoint(name: string): Promise<void> {
    this.#mark(`SAVEPOINT "${name}"`);
  }
  async releaseSavepoint(name: string): Promise<void> {
    this.#mark(`RELEASE SAVEPOINT "${name}"`);
  }
  async rollbackTo(name: string): Promise<void> {
    this.#mark(`ROLLBACK TO SAVEPOINT "${name}"`);
    this.#mark(`RELEASE SAVEPOINT "${name}"`);
  }
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#endCursors();
    const { database } = this.#handle;
    try {
      // A database that was closed meanwhile has ended its transaction.
      if (database.inTransaction) database.exec("ROLLBACK");
      if (database.open && !database.readonly) database.pragma("query_only = OFF");
    } finally {
      this.#init.free();
    }
  }

  /** Where nothing can be written there is nothing to go back to, and cursors that are open let no such statement run. */
  #mark(savepoint: string): void {
    if (!this.#handle.database.readonly) this.#handle.run(savepoint, []);
  }

  #isQuery(sql: string, options?: StatementOptions): boolean {
    try {
      const statement = this.#handle.prepare(sql, options);
      return statement.reader && statement.readonly;
    } catch {
      // Running it says what is wrong.
      return false;
    }
  }

  async #readAll(
    sql: string,
    parameters: readonly unknown[],
    options: StatementOptions | undefined,
  ): Promise<StatementResult> {
    this.#refuseReleased();
    const reading = patiently(this.#init.timeout, () => readInSlices(this.#handle, sql, parameters, options));
    const done = reading.then(
      (result) => this.#init.sizes.remember(sql, result),
      () => undefined,
    );
    this.#slicing = done;
    try {
      return await reading;
    } finally {
      if (this.#slicing === done) this.#slicing = undefined;
    }
  }

  #refuseReleased(): void {
    if (this.#released) throw new OperationalError("This connection has been released.");
  }

  #endCursors(): void {
    for (const cursor of this.#cursors) cursor.end();
  }
}
