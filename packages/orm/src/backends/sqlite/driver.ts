import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { OperationalError } from "../../exceptions.ts";
import type { BeginOptions, Connection, StatementOptions, StatementResult } from "../base/connection.ts";
import { translateSqliteError } from "./errors.ts";
import { registerFunctions } from "./registered.ts";
import { WriteQueue } from "./write-queue.ts";

const MOST_STATEMENTS = 500;
const BUSY_TIMEOUT = 1000;
const MOST_IDLE_READERS = 4;

/** One open database with its prepared statements, the last used kept. */
class Handle {
  readonly database: Database.Database;
  /** By whether they give whole numbers as numbers, not as bigints. */
  readonly #statements = {
    numbers: new Map<string, Database.Statement>(),
    bigints: new Map<string, Database.Statement>(),
  };

  constructor(file: string, options: Database.Options) {
    this.database = new Database(file, { timeout: BUSY_TIMEOUT, ...options });
    this.database.pragma("foreign_keys = ON");
    registerFunctions(this.database);
  }

  prepare(sql: string, { plainNumbers = false }: StatementOptions = {}): Database.Statement {
    const statements = this.#statements[plainNumbers ? "numbers" : "bigints"];
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      if (statement.reader) statement.raw(true).safeIntegers(!plainNumbers);
      if (statements.size >= MOST_STATEMENTS) statements.delete(statements.keys().next().value as string);
      statements.set(sql, statement);
    } else if (statements.size > MOST_STATEMENTS / 2) {
      statements.delete(sql);
      statements.set(sql, statement);
    }
    return statement;
  }

  run(sql: string, parameters: readonly unknown[], options?: StatementOptions): StatementResult {
    try {
      const statement = this.prepare(sql, options);
      if (!statement.reader) {
        return { columns: [], rows: [], changes: statement.run(...parameters).changes };
      }
      const rows = statement.all(...parameters) as unknown[][];
      return new Result(statement, rows);
    } catch (error) {
      throw translateSqliteError(error, { sql, parameters });
    }
  }
}

class Result implements StatementResult {
  readonly rows: unknown[][];
  readonly changes: number;
  readonly #statement: Database.Statement;

  constructor(statement: Database.Statement, rows: unknown[][]) {
    this.#statement = statement;
    this.rows = rows;
    this.changes = statement.readonly ? 0 : rows.length;
  }

  /** Only asked for by name in few places, and dear to find out. */
  get columns(): string[] {
    return this.#statement.columns().map((column) => column.name);
  }
}

/** better-sqlite3 behind a queue of writers: one transaction at a time, reads beside it on a connection of their own. */
export class SqliteDriver {
  readonly #file: string;
  readonly #writer: Handle;
  #reader: Handle | undefined;
  /** For transactions that only read: each has what it saw first until its end. */
  readonly #idleReaders: Handle[] = [];
  readonly #busyReaders = new Set<Handle>();
  readonly #queue = new WriteQueue();

  constructor(file: string) {
    this.#file = file;
    try {
      if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
      this.#writer = new Handle(file, {});
      if (file !== ":memory:") {
        this.#writer.database.pragma("journal_mode = WAL");
        this.#writer.database.pragma("synchronous = NORMAL");
      }
    } catch (cause) {
      throw new OperationalError(
        `The database file ${file} cannot be opened: ${(cause as Error).message}. Check its path and permissions.`,
        { cause },
      );
    }
  }

  /** The writer, for one user alone; to read only, a connection beside it. */
  async acquire(readOnly: boolean): Promise<Connection> {
    // Nothing stands beside a database in memory.
    if (!readOnly || this.#file === ":memory:") {
      await this.#queue.acquire();
      return new SqliteConnection(this.#writer, () => this.#queue.release());
    }
    const handle = this.#idleReaders.pop() ?? new Handle(this.#file, { readonly: true });
    this.#busyReaders.add(handle);
    return new SqliteConnection(handle, () => {
      if (!this.#busyReaders.delete(handle)) return;
      if (this.#idleReaders.length < MOST_IDLE_READERS) this.#idleReaders.push(handle);
      else handle.database.close();
    });
  }

  /** One statement outside a transaction. Reads do not wait for a running transaction; they see what is committed. */
  async execute(sql: string, parameters: readonly unknown[], options: StatementOptions): Promise<StatementResult> {
    if (!this.#queue.busy) return this.#writer.run(sql, parameters, options);
    const reader = this.#readerFor(sql);
    if (reader !== undefined) return reader.run(sql, parameters, options);
    await this.#queue.acquire();
    try {
      return this.#writer.run(sql, parameters, options);
    } finally {
      this.#queue.release();
    }
  }

  executeSync(sql: string, parameters: readonly unknown[], options: StatementOptions): StatementResult {
    if (!this.#queue.busy) return this.#writer.run(sql, parameters, options);
    const reader = this.#readerFor(sql);
    if (reader !== undefined) return reader.run(sql, parameters, options);
    throw new OperationalError(
      "A synchronous query cannot wait for the transaction that is running. Await it instead.",
    );
  }

  #readerFor(sql: string): Handle | undefined {
    if (this.#file === ":memory:") return undefined;
    this.#reader ??= new Handle(this.#file, { readonly: true });
    try {
      return this.#reader.prepare(sql).readonly ? this.#reader : undefined;
    } catch {
      // Such as a table that only the running transaction knows: the writer says what is wrong, in its turn.
      return undefined;
    }
  }

  close(): void {
    for (const handle of [this.#reader, ...this.#idleReaders, ...this.#busyReaders, this.#writer]) {
      handle?.database.close();
    }
    this.#idleReaders.length = 0;
    this.#busyReaders.clear();
  }
}

class SqliteConnection implements Connection {
  readonly #handle: Handle;
  readonly #free: () => void;
  #released = false;

  constructor(handle: Handle, free: () => void) {
    this.#handle = handle;
    this.#free = free;
  }

  async execute(
    sql: string,
    parameters: readonly unknown[] = [],
    options: StatementOptions = {},
  ): Promise<StatementResult> {
    return this.executeSync(sql, parameters, options);
  }
  executeSync(sql: string, parameters: readonly unknown[] = [], options: StatementOptions = {}): StatementResult {
    if (this.#released) throw new OperationalError("This connection has been released.");
    return this.#handle.run(sql, parameters, options);
  }
  async begin({ readOnly = false }: BeginOptions = {}): Promise<void> {
    if (readOnly) {
      this.#handle.database.pragma("query_only = ON");
      this.#handle.run("BEGIN", []);
      return;
    }
    // IMMEDIATE: a deferred transaction that turns from reading to writing fails at once when another one writes.
    this.#handle.run("BEGIN IMMEDIATE", []);
  }
  async commit(): Promise<void> {
    this.#handle.run("COMMIT", []);
  }
  async rollback(): Promise<void> {
    // Some errors end the transaction by themselves.
    if (this.#handle.database.inTransaction) this.#handle.run("ROLLBACK", []);
  }
  async savepoint(name: string): Promise<void> {
    this.#handle.run(`SAVEPOINT "${name}"`, []);
  }
  async releaseSavepoint(name: string): Promise<void> {
    this.#handle.run(`RELEASE SAVEPOINT "${name}"`, []);
  }
  async rollbackTo(name: string): Promise<void> {
    this.#handle.run(`ROLLBACK TO SAVEPOINT "${name}"`, []);
    this.#handle.run(`RELEASE SAVEPOINT "${name}"`, []);
  }
  release(): void {
    if (this.#released) return;
    this.#released = true;
    const { database } = this.#handle;
    // A database that was closed meanwhile has ended its transaction.
    if (database.open) {
      if (database.inTransaction) database.exec("ROLLBACK");
      if (!database.readonly) database.pragma("query_only = OFF");
    }
    this.#free();
  }
}
