import type { Cursor, Rows, StatementResult } from "../base/connection.ts";

/** What a cursor needs of what it was opened on. */
export interface CursorOptions {
  readonly name: string;
  execute(sql: string): Promise<StatementResult>;
  /** Whether the connection is its own, so that the next rows can be on their way while these are worked on. */
  readonly ahead: boolean;
  /** Gives the connection back. */
  close(): Promise<void>;
}

/** A cursor at the server. Source: https://www.postgresql.org/docs/18/sql-fetch.html */
export class PostgresCursor implements Cursor {
  readonly #options: CursorOptions;
  #next: Promise<Rows> | undefined;
  #finished = false;
  #closed: Promise<void> | undefined;

  constructor(options: CursorOptions) {
    this.#options = options;
  }

  async read(size: number): Promise<Rows> {
    if (this.#finished || this.#closed !== undefined) return [];
    const rows = await (this.#next ?? this.#fetch(size));
    this.#finished = rows.length < size;
    this.#next = this.#options.ahead && !this.#finished ? this.#fetch(size) : undefined;
    // Whoever reads on is told; whoever stops here does not want to know.
    this.#next?.catch(() => undefined);
    return rows;
  }

  close(): Promise<void> {
    this.#closed ??= this.#options.close();
    return this.#closed;
  }

  async #fetch(size: number): Promise<Rows> {
    return (await this.#options.execute(`FETCH FORWARD ${size} FROM "${this.#options.name}"`)).rows;
  }
}
