import pg from "pg";
import { OperationalError } from "../../exceptions.ts";
import type { BeginOptions, Connection, StatementResult } from "../base/connection.ts";
import { translatePostgresError } from "./errors.ts";

/** Everything but booleans and floats stays as PostgreSQL wrote it: the fields' codecs read it. */
const FLOATS = new Set([700, 701]);
const SMALL_INTEGERS = new Set([21, 23]);
const BOOLEAN = 16;

const LEVELS = {
  readCommitted: "READ COMMITTED",
  repeatableRead: "REPEATABLE READ",
  serializable: "SERIALIZABLE",
} as const;

const types = {
  getTypeParser(oid: number): (text: string) => unknown {
    if (oid === BOOLEAN) return (text) => text === "t";
    return FLOATS.has(oid) || SMALL_INTEGERS.has(oid) ? Number : (text) => text;
  },
};

async function run(
  client: Pick<pg.PoolClient, "query">,
  sql: string,
  parameters: readonly unknown[],
): Promise<StatementResult> {
  try {
    const result = await client.query({ text: sql, values: [...parameters], rowMode: "array", types: types as never });
    // Several statements in one text give several results; the last one counts.
    const last = Array.isArray(result) ? (result as pg.QueryArrayResult[]).at(-1)! : result;
    return { columns: last.fields.map((field) => field.name), rows: last.rows, changes: last.rowCount ?? 0 };
  } catch (error) {
    throw translatePostgresError(error, { sql, parameters });
  }
}

/** node-postgres with our parsers, errors and time zone. */
export class PostgresDriver {
  readonly #pool: pg.Pool;
  readonly #name: string;

  constructor(url: string, maxConnections: number, name: string) {
    this.#name = name;
    this.#pool = new pg.Pool({
      connectionString: url,
      max: maxConnections,
      options: "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601",
      // A pool that nobody uses must not keep a program from ending.
      allowExitOnIdle: true,
    });
    // A connection that breaks while idle is replaced at its next use; without a listener it would end the process.
    this.#pool.on("error", () => {});
  }

  async #client(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      const translated = translatePostgresError(error, {});
      throw new OperationalError(
        `Cannot connect to ${this.#name}: ${translated.message}. Is the server running, and is DATABASE_URL right?`,
        { cause: error },
      );
    }
  }

  async acquire(): Promise<Connection> {
    return new PostgresConnection(await this.#client());
  }

  async execute(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    const client = await this.#client();
    let broken = false;
    try {
      return await run(client, sql, parameters);
    } catch (error) {
      broken = error instanceof OperationalError;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}

class PostgresConnection implements Connection {
  readonly #client: pg.PoolClient;
  #last: Promise<unknown> = Promise.resolve();
  #released = false;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  /** One statement after the other: the protocol has no other way, and errors stay with their statements. */
  execute(sql: string, parameters: readonly unknown[] = []): Promise<StatementResult> {
    if (this.#released) return Promise.reject(new OperationalError("This connection has been released."));
    const result = this.#last.then(() => run(this.#client, sql, parameters));
    this.#last = result.catch(() => {});
    return result;
  }
  async begin({ isolation, readOnly }: BeginOptions = {}): Promise<void> {
    const level = isolation === undefined ? "" : ` ISOLATION LEVEL ${LEVELS[isolation]}`;
    await this.execute(`BEGIN${level}${readOnly ? " READ ONLY" : ""}`);
  }
  async commit(): Promise<void> {
    await this.execute("COMMIT");
  }
  async rollback(): Promise<void> {
    await this.execute("ROLLBACK");
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
    this.#client.release(broken);
  }
}
