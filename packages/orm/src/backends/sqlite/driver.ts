import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { logger } from "@tsjango/kernel/logging";
import { NotSupportedError, OperationalError, PoolTimeout } from "../../exceptions.ts";
import type { Connection, Cursor, StatementOptions, StatementResult } from "../base/connection.ts";
import type { SqliteOptions } from "../base/options.ts";
import { Turns } from "../base/turns.ts";
import { isLongBurst } from "./burst.ts";
import { SqliteConnection } from "./connection.ts";
import { SqliteCursor } from "./cursor.ts";
import { translateSqliteError } from "./errors.ts";
import { Handle } from "./handle.ts";
import { isHeld, patiently } from "./patience.ts";
import { readInSlices, Sizes } from "./slices.ts";

const log = logger("tsjango.db");
const TIMEOUT = 5000;
const POOL_TIMEOUT = 10_000;
const MOST_IDLE_READERS = 4;
/** Older ones can corrupt a file in WAL mode that several connections write. Source: https://sqlite.org/wal.html */
const OLDEST_VERSION = "3.51.3";
/** The log is cut to this size, in bytes, after a long reader has made it grow. */
const LONGEST_LOG = 67_108_864;

/** better-sqlite3 behind a queue of writers: one transaction at a time, reads beside it on connections of their own. */
export class SqliteDriver {
  readonly #file: string;
  readonly #options: SqliteOptions;
  readonly #timeout: number;
  readonly #writer: Handle;
  /** For single statements while a transaction runs. */
  #reader: Handle | undefined;
  /** For what takes longer, such as transactions that only read: each has what it saw first until its end. */
  readonly #idleReaders: Handle[] = [];
  readonly #queue = new Turns(1);
  readonly #sizes = new Sizes();
  /** Whether the journal is as it should be; another process may hold the file just now. */
  #journal = false;
  #closed = false;

  constructor(file: string, options: SqliteOptions) {
    this.#file = file;
    this.#options = options;
    this.#timeout = options.timeout ?? TIMEOUT;
    this.#writer = this.#open({ readonly: false });
    this.#refuseOldVersion();
    this.#setJournal();
  }

  get #poolTimeout(): number {
    return this.#options.poolTimeout ?? POOL_TIMEOUT;
  }

  get #inMemory(): boolean {
    return this.#file === ":memory:";
  }

  /** The writer, for one user alone; to read only, a connection beside it. */
  async acquire(readOnly: boolean): Promise<Connection> {
    const init = {
      sizes: this.#sizes,
      timeout: this.#timeout,
      transactionMode: this.#options.transactionMode ?? "immediate",
    } as const;
    if (readOnly && !this.#inMemory) {
      const handle = this.#lease();
      return new SqliteConnection({ ...init, handle, free: () => this.#giveBack(handle) });
    }
    // Nothing stands beside a database in memory.
    await this.#turn();
    return new SqliteConnection({ ...init, handle: this.#writer, free: () => this.#queue.release() });
  }

  /** One statement outside a transaction. Reads do not wait for a running transaction; they see what is committed. */
  async execute(sql: string, parameters: readonly unknown[], options: StatementOptions): Promise<StatementResult> {
    const { reads = false } = options;
    if (isLongBurst()) await turn();
    if (reads && !this.#inMemory && !this.#sizes.isSmall(sql)) return this.#readInSlices(sql, parameters, options);
    const handle = this.#queue.busy ? this.#readerFor(sql) : this.#writer;
    if (handle !== undefined) {
      try {
        const result = handle.run(sql, parameters, options);
        if (reads) this.#sizes.remember(sql, result);
        return result;
      } catch (error) {
        if (!isHeld(error)) throw error;
      }
    }
    await this.#turn();
    try {
      return await patiently(this.#timeout, () => this.#writer.run(sql, parameters, options));
    } finally {
      this.#queue.release();
    }
  }

  executeSync(sql: string, parameters: readonly unknown[], options: StatementOptions): StatementResult {
    const handle = this.#queue.busy ? this.#readerFor(sql) : this.#writer;
    if (handle !== undefined) return handle.run(sql, parameters, options);
    throw new OperationalError(
      "A synchronous query cannot wait for the transaction that is running. Await it instead.",
    );
  }

  async cursor(sql: string, parameters: readonly unknown[], options: StatementOptions): Promise<Cursor> {
    if (this.#inMemory) {
      const connection = await this.acquire(false);
      return connection.cursor(sql, parameters, options).finally(() => connection.release());
    }
    const handle = this.#lease();
    try {
      return new SqliteCursor(handle, { ...options, sql, parameters }, () => this.#giveBack(handle));
    } catch (error) {
      this.#giveBack(handle);
      throw error;
    }
  }

  /**
   * What runs or waits for its turn has its end before; what is still read is closed at its end. A transaction that does
   * not end is rolled back.
   */
  async close(): Promise<void> {
    // Who lets others have their turn asks for his own afterwards.
    await turn();
    const timeout = this.#poolTimeout;
    if (!(await this.#queue.idle(timeout))) {
      log.warn(
        { database: this.#file },
        `A transaction did not end within ${timeout} ms before its database was closed`,
      );
    }
    this.#closed = true;
    try {
      // Gathers what the planner needs of tables that have changed; cheap where none has.
      this.#writer.database.pragma("optimize");
    } catch {
      // Another process writes: it will do the same.
    }
    for (const handle of [this.#reader, ...this.#idleReaders.splice(0)]) handle?.database.close();
    try {
      this.#writer.database.close();
    } catch {
      // That transaction reads rows just now: the end of the process closes the file.
    }
  }

  async #readInSlices(
    sql: string,
    parameters: readonly unknown[],
    options: StatementOptions,
  ): Promise<StatementResult> {
    const handle = this.#lease();
    try {
      const result = await patiently(this.#timeout, () => readInSlices(handle, sql, parameters, options));
      this.#sizes.remember(sql, result);
      return result;
    } finally {
      this.#giveBack(handle);
    }
  }

  async #turn(): Promise<void> {
    if (this.#queue.busy) {
      const timeout = this.#poolTimeout;
      const late = () =>
        new PoolTimeout(
          `No turn to write to ${this.#file} within ${timeout} ms: another transaction of this process has not ended. ` +
            "Make transactions shorter; outside of them, await nothing but queries.",
        );
      await this.#queue.acquire({ timeout, late });
    } else {
      this.#queue.acquire();
    }
    if (this.#journal) return;
    try {
      await patiently(this.#timeout, () => this.#setJournal(true));
    } catch (error) {
      this.#queue.release();
      throw error;
    }
  }

  #readerFor(sql: string): Handle | undefined {
    if (this.#inMemory) return undefined;
    this.#reader ??= this.#open({ readonly: true });
    try {
      return this.#reader.prepare(sql).readonly ? this.#reader : undefined;
    } catch {
      // Such as a table that only the running transaction knows: the writer says what is wrong, in its turn.
      return undefined;
    }
  }

  #lease(): Handle {
    return this.#idleReaders.pop() ?? this.#open({ readonly: true });
  }

  #giveBack(handle: Handle): void {
    if (!this.#closed && this.#idleReaders.length < MOST_IDLE_READERS) this.#idleReaders.push(handle);
    else handle.database.close();
  }

  #open({ readonly }: { readonly readonly: boolean }): Handle {
    try {
      if (!readonly && !this.#inMemory) mkdirSync(dirname(this.#file), { recursive: true });
      return new Handle(this.#file, { readonly, pragmas: this.#options.pragmas });
    } catch (cause) {
      throw new OperationalError(
        `The database file ${this.#file} cannot be opened: ${(cause as Error).message}. Check its path and permissions.`,
        { cause },
      );
    }
  }

  /** Readers beside one writer, and a log that is written to disk when it is merged. */
  #setJournal(strict = false): void {
    const { journal_mode = "wal", synchronous = "normal" } = this.#options.pragmas ?? {};
    const { database } = this.#writer;
    try {
      if (!this.#inMemory) {
        database.pragma(`journal_mode = ${journal_mode}`);
        database.pragma(`synchronous = ${synchronous}`);
        database.pragma(`journal_size_limit = ${LONGEST_LOG}`);
      }
      this.#journal = true;
    } catch (error) {
      const translated = translateSqliteError(error, {});
      if (strict || !isHeld(translated)) throw translated;
    }
  }

  #refuseOldVersion(): void {
    const { version } = this.#writer.database.prepare("select sqlite_version() as version").get() as {
      version: string;
    };
    if (version.localeCompare(OLDEST_VERSION, undefined, { numeric: true }) >= 0) return;
    this.#writer.database.close();
    throw new NotSupportedError(
      `SQLite ${version} can corrupt files that several processes write; ${OLDEST_VERSION} or newer is needed. Update better-sqlite3.`,
    );
  }
}
