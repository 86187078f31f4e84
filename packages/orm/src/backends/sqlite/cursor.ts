import { setImmediate as turn } from "node:timers/promises";
import { refuseAbandoned } from "../base/abandoned.ts";
import type { CompiledStatement } from "../base/backend.ts";
import type { Cursor, Rows } from "../base/connection.ts";
import { translateSqliteError } from "./errors.ts";
import type { Handle } from "./handle.ts";

/** Rows as they are asked for, on a connection that nobody writes with: there a statement may stay open. */
export class SqliteCursor implements Cursor {
  readonly #rows: IterableIterator<unknown>;
  readonly #free: () => void;
  readonly #statement: { readonly sql: string; readonly parameters: readonly unknown[] };
  #open = true;

  constructor(handle: Handle, { sql, parameters, ...options }: CompiledStatement, free: () => void) {
    this.#free = free;
    this.#statement = { sql, parameters };
    try {
      this.#rows = handle.prepareAnew(sql, options).iterate(...parameters);
    } catch (error) {
      throw translateSqliteError(error, this.#statement);
    }
  }

  async read(size: number): Promise<Rows> {
    // Whoever reads all of it leaves room for others.
    await turn();
    refuseAbandoned();
    const rows: unknown[][] = [];
    try {
      while (this.#open && rows.length < size) {
        const { value, done } = this.#rows.next();
        if (done === true) break;
        rows.push(value as unknown[]);
      }
    } catch (error) {
      throw translateSqliteError(error, this.#statement);
    }
    return rows;
  }

  async close(): Promise<void> {
    this.end();
  }

  end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#rows.return?.();
    this.#free();
  }
}

/** Rows that were all read before: a statement that stays open would not let others write on the same connection. */
export class KeptRows implements Cursor {
  #rows: Rows;
  #start = 0;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async read(size: number): Promise<Rows> {
    await turn();
    refuseAbandoned();
    const rows = this.#rows.slice(this.#start, this.#start + size);
    this.#start += size;
    return rows;
  }

  async close(): Promise<void> {
    this.#rows = [];
  }
}
