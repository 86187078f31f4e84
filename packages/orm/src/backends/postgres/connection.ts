import { DatabaseUnavailable, OperationalError, TransactionManagementError } from "../../exceptions.ts";
import type { BeginOptions, Connection, Cursor, StatementResult } from "../base/connection.ts";
import { PostgresCursor } from "./cursor.ts";
import type { Session } from "./session.ts";

const LEVELS = {
  readCommitted: "READ COMMITTED",
  repeatableRead: "REPEATABLE READ",
  serializable: "SERIALIZABLE",
} as const;

/** A session held by one user. */
export class PostgresConnection implements Connection {
  readonly #session: Session;
  readonly #free: (broken: boolean) => void;
  #last: Promise<unknown> = Promise.resolve();
  #released = false;
  #cursors = 0;
  /** A transaction begins with its first statement, in one round trip. */
  #begin: string | undefined;

  constructor(session: Session, free: (broken: boolean) => void) {
    this.#session = session;
    this.#free = free;
  }

  /** Whether the server's end of it is gone. */
  get broken(): boolean {
    return this.#session.broken;
  }

  /** One statement after the other: the protocol has no other way, and errors stay with their statements. */
  execute(sql: string, parameters: readonly unknown[] = []): Promise<StatementResult> {
    return this.#inTurn(() => {
      const begin = this.#begin;
      this.#begin = undefined;
      return this.#session.run(sql, parameters, begin);
    });
  }

  async cursor(sql: string, parameters: readonly unknown[] = []): Promise<Cursor> {
    const name = await this.declare(sql, parameters);
    return new PostgresCursor({
      name,
      ahead: false,
      execute: (fetch) => this.execute(fetch),
      close: async () => void (await this.execute(`CLOSE "${name}"`)),
    });
  }

  /** Opens a cursor in the running transaction and gives its name. */
  async declare(sql: string, parameters: readonly unknown[]): Promise<string> {
    const name = `tsjango_cursor_${++this.#cursors}`;
    await this.execute(`DECLARE "${name}" NO SCROLL CURSOR FOR ${sql}`, parameters);
    return name;
  }

  async begin({ isolation, readOnly }: BeginOptions = {}): Promise<void> {
    const level = isolation === undefined ? "" : ` ISOLATION LEVEL ${LEVELS[isolation]}`;
    this.#begin = `BEGIN${level}${readOnly ? " READ ONLY" : ""}`;
  }

  async commit(): Promise<void> {
    if (this.#unbegun()) return;
    let sent = false;
    const ended = await this.#inTurn(() => {
      sent = !this.broken;
      return this.#session.commit();
    }).catch((error: unknown) => {
      if (!(error instanceof DatabaseUnavailable)) throw error;
      const told = sent
        ? "The connection broke at the end of a transaction: whether it was committed is not known. Look before you repeat it."
        : `The transaction was not committed: its connection broke before. ${error.message}`;
      throw new DatabaseUnavailable(told, { cause: error });
    });
    if (ended === "COMMIT") return;
    throw new TransactionManagementError(
      "The database rolled the transaction back instead of committing it: a statement in it had failed. " +
        "Put what may fail into an atomic of its own, and catch the error around that.",
    );
  }
  async rollback(): Promise<void> {
    if (!this.#unbegun()) await this.execute("ROLLBACK");
  }
  async savepoint(name: string): Promise<void> {
    await this.execute(`SAVEPOINT "${name}"`);
  }
  async releaseSavepoint(name: string): Promise<void> {
    await this.execute(`RELEASE SAVEPOINT "${name}"`);
  }
  async rollbackTo(name: string): Promise<void> {
    await this.execute(`ROLLBACK TO SAVEPOINT "${name}"`);
    await this.execute(`RELEASE SAVEPOINT "${name}"`);
  }
  release(broken = false): void {
    if (this.#released) return;
    this.#released = true;
    this.#free(broken);
  }

  /** Whether the transaction had no statement, so that the server knows nothing of it. */
  #unbegun(): boolean {
    const unbegun = this.#begin !== undefined;
    this.#begin = undefined;
    return unbegun;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#released) return Promise.reject(new OperationalError("This connection has been released."));
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}
