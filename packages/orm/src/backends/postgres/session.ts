import { type AsyncContext, currentContext } from "@tsjango/kernel/async";
import type pg from "pg";
import { type DatabaseError, DatabaseUnavailable, InterfaceError } from "../../exceptions.ts";
import { abandoned, abandonSignal } from "../base/abandoned.ts";
import type { StatementResult } from "../base/connection.ts";
import { cancelRequest, type ServerProcess } from "./cancel.ts";
import { isStalePlan, isUnknownStatement, sqlState, translatePostgresError } from "./errors.ts";
import type { StatementNames } from "./statement-names.ts";

/** Most statements last less: only those that last longer look whether their request is still there. */
const WATCH_AFTER = 50;
/** How long a cancelled statement may take to end, and a connection to prove itself, in ms. */
const PATIENCE = 2000;
/** Statements that the server keeps for one connection; each takes some memory there. */
const MOST_NAMES = 200;

/** Everything but booleans and floats stays as PostgreSQL wrote it: the fields' codecs read it. */
const FLOATS = new Set([700, 701]);
const SMALL_INTEGERS = new Set([21, 23]);
const BOOLEAN = 16;
const asIs = (text: string): string => text;
const asBoolean = (text: string): boolean => text === "t";

const types = {
  getTypeParser(oid: number): (text: string) => unknown {
    if (oid === BOOLEAN) return asBoolean;
    return FLOATS.has(oid) || SMALL_INTEGERS.has(oid) ? Number : asIs;
  },
} as unknown as pg.CustomTypesConfig;

/** What node-postgres' clients have and its types do not tell. */
type Client = pg.PoolClient &
  ServerProcess & {
    readonly connection: {
      readonly stream: { destroy(): void; cork(): void; uncork(): void };
      readonly parsedStatements: Record<string, string>;
      close(message: { readonly type: "S"; readonly name: string }): void;
    };
    getTransactionStatus(): "I" | "T" | "E" | null;
    ref(): void;
    unref(): void;
  };

/** What sessions of one pool share. */
export interface SessionOptions {
  /** Undefined: nothing is kept at the server. */
  readonly names: StatementNames | undefined;
  /** How long an answer is waited for, in ms; 0 for ever. */
  readonly queryTimeout: number;
}

/** One connection to the server, with what it keeps there. Statements on it run one after the other. */
export class Session {
  readonly #client: Client;
  readonly #options: SessionOptions;
  /** The statements kept at the server, the last used last. */
  readonly #kept = new Set<string>();
  /** When it was last known to work. */
  provenAt = performance.now();
  /** Until when it need not go back to its pool between two users. */
  warmUntil = 0;
  /** Whether its other end is gone. */
  broken = false;
  /** Why, where the server or the network said so while nothing ran. */
  #ended: unknown;

  constructor(client: pg.PoolClient, options: SessionOptions) {
    this.#client = client as Client;
    this.#options = options;
    // While nobody runs a statement on it, there is nobody else to be told; unheard, it would end the process.
    client.on("error", (error) => {
      this.broken = true;
      this.#ended ??= error;
    });
  }

  /** Whether the next user finds it as it was made: no transaction is open. */
  get clean(): boolean {
    return !this.broken && this.#client.getTransactionStatus() === "I";
  }

  /** While nobody uses it, it does not keep the program from ending. */
  rest(): void {
    this.#client.unref();
  }
  wake(): void {
    this.#client.ref();
  }

  /** `before` is a statement that goes ahead of it in the same packet, such as BEGIN. */
  async run(sql: string, parameters: readonly unknown[], before?: string): Promise<StatementResult> {
    const { names, queryTimeout } = this.#options;
    const name = names?.nameOf(sql, parameters);
    const context = currentContext();
    const watch =
      context === undefined && queryTimeout === 0 ? undefined : new Watch(this.#client, context, queryTimeout);
    try {
      const result =
        before === undefined
          ? await this.#answer(sql, parameters, name)
          : await this.#answerBehind(before, () => this.#answer(sql, parameters, name));
      return lastOf(result);
    } catch (error) {
      throw this.#failed(watch?.told(error) ?? translatePostgresError(this.#reason(error), { sql, parameters }));
    } finally {
      const cancelling = watch?.stop();
      if (cancelling !== undefined) await this.#outlast(cancelling);
    }
  }

  /** Ends the transaction; the server ends one that has failed with a rollback, whatever it is told. */
  async commit(): Promise<"COMMIT" | "ROLLBACK"> {
    const { queryTimeout } = this.#options;
    // The end of a request leaves it alone: whether a COMMIT that is cancelled took place, nobody could tell.
    const watch = queryTimeout === 0 ? undefined : new Watch(this.#client, undefined, queryTimeout);
    try {
      const { command } = await this.#client.query("COMMIT");
      return command as "COMMIT" | "ROLLBACK";
    } catch (error) {
      throw this.#failed(watch?.told(error) ?? translatePostgresError(this.#reason(error), { sql: "COMMIT" }));
    } finally {
      watch?.stop();
    }
  }

  /** Whether the server still answers. */
  async ping(): Promise<boolean> {
    const silent = setTimeout(() => this.destroy(), PATIENCE);
    try {
      await this.#client.query("");
      this.provenAt = performance.now();
    } catch {
      this.broken = true;
    } finally {
      clearTimeout(silent);
    }
    return !this.broken;
  }

  /** Closes it at once, whatever it is doing. */
  destroy(): void {
    this.broken = true;
    this.#client.connection.stream.destroy();
  }

  /** Gives it back to its pool; what is not as it was made is closed. */
  release(closes: boolean): void {
    const kept = this.clean && !closes;
    // A farewell could wait for ever for a server that is not there.
    if (this.broken) this.destroy();
    this.#client.release(!kept);
  }

  #send(sql: string, values: readonly unknown[], name: string | undefined): Promise<pg.QueryArrayResult> {
    if (name !== undefined) this.#keep(name);
    return this.#client.query({ text: sql, values: values as unknown[], name, rowMode: "array", types });
  }

  async #answer(sql: string, values: readonly unknown[], name: string | undefined): Promise<pg.QueryArrayResult> {
    try {
      return await this.#send(sql, values, name);
    } catch (error) {
      if (name === undefined || !(isStalePlan(error) || isUnknownStatement(error))) throw error;
      this.#forget(name);
      if (this.#client.getTransactionStatus() !== "I") throw error;
      return this.#send(sql, values, undefined);
    }
  }

  /** Sends both in one packet. */
  async #answerBehind<T>(before: string, send: () => Promise<T>): Promise<T> {
    const { stream } = this.#client.connection;
    stream.cork();
    const opened = this.#client.query(before);
    // Both fail together where the connection breaks; one error is enough.
    opened.catch(() => undefined);
    const sent = send();
    stream.uncork();
    const result = await sent;
    await opened;
    return result;
  }

  #keep(name: string): void {
    if (!this.#kept.delete(name) && this.#kept.size >= MOST_NAMES) this.#forget(this.#kept.values().next().value!);
    this.#kept.add(name);
  }

  #forget(name: string): void {
    this.#kept.delete(name);
    const { connection } = this.#client;
    delete connection.parsedStatements[name];
    connection.close({ type: "S", name });
  }

  /** Of a connection that broke before, the driver says no more than that it cannot be used. */
  #reason(error: unknown): unknown {
    return sqlState(error) === undefined ? (this.#ended ?? error) : error;
  }

  #failed(error: DatabaseError): DatabaseError {
    const lost = sqlState(error.cause) === undefined && !(error instanceof InterfaceError);
    if (lost || error instanceof DatabaseUnavailable) this.broken = true;
    return error;
  }

  /** A cancel request that comes late must meet this empty statement, not that of the next user. */
  async #outlast(cancelling: Promise<void>): Promise<void> {
    await cancelling;
    if (!this.broken) await this.ping();
  }
}

/** Several statements in one text give several results; the last one counts. */
function lastOf(result: pg.QueryArrayResult | readonly pg.QueryArrayResult[]): Result {
  return new Result(Array.isArray(result) ? result.at(-1)! : (result as pg.QueryArrayResult));
}

class Result implements StatementResult {
  readonly rows: StatementResult["rows"];
  readonly changes: number;
  readonly #result: pg.QueryArrayResult;

  constructor(result: pg.QueryArrayResult) {
    this.#result = result;
    this.rows = result.rows;
    this.changes = result.rowCount ?? 0;
  }

  /** Only asked for by name in few places. */
  get columns(): readonly string[] {
    return this.#result.fields.map((field) => field.name);
  }
}

/** Looks after a statement while it runs: whether its request is still there, and whether the server is. */
class Watch {
  readonly #client: Client;
  readonly #context: AsyncContext | undefined;
  readonly #look: NodeJS.Timeout | undefined;
  readonly #deadline: NodeJS.Timeout | undefined;
  #signal: AbortSignal | undefined;
  #cancelling: Promise<void> | undefined;
  #grace: NodeJS.Timeout | undefined;
  #late = 0;

  constructor(client: Client, context: AsyncContext | undefined, queryTimeout: number) {
    this.#client = client;
    this.#context = context;
    if (this.#context !== undefined) this.#look = setTimeout(() => this.#listen(), WATCH_AFTER);
    if (queryTimeout > 0) {
      this.#deadline = setTimeout(() => {
        this.#late = queryTimeout;
        client.connection.stream.destroy();
      }, queryTimeout);
    }
  }

  /** Its own reason for the error of a statement; undefined where it has not stepped in. */
  told(error: unknown): DatabaseError | undefined {
    if (this.#late > 0) {
      return new DatabaseUnavailable(
        `The server gave no answer within ${this.#late} ms, the option queryTimeout. The connection was closed.`,
        { cause: error },
      );
    }
    const ended = sqlState(error) === "57014" || sqlState(error) === undefined;
    return this.#cancelling !== undefined && ended ? abandoned(this.#context, error) : undefined;
  }

  /** The statement has ended. Gives the cancel request that may still be under way. */
  stop(): Promise<void> | undefined {
    clearTimeout(this.#look);
    clearTimeout(this.#deadline);
    clearTimeout(this.#grace);
    this.#signal?.removeEventListener("abort", this.#cancel);
    return this.#cancelling;
  }

  #listen(): void {
    this.#signal = abandonSignal(this.#context);
    this.#signal?.addEventListener("abort", this.#cancel, { once: true });
    if (this.#signal?.aborted === true) this.#cancel();
  }

  readonly #cancel = (): void => {
    this.#cancelling = cancelRequest(this.#client);
    this.#grace = setTimeout(() => this.#client.connection.stream.destroy(), PATIENCE);
  };
}
