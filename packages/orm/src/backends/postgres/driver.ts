import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { logger } from "@tsjango/kernel/logging";
import { hasMetricListeners, recordMetric } from "@tsjango/kernel/metrics";
import pg from "pg";
import { DatabaseUnavailable, OperationalError, PoolTimeout } from "../../exceptions.ts";
import { refuseAbandoned } from "../base/abandoned.ts";
import type { Cursor, StatementOptions, StatementResult } from "../base/connection.ts";
import { urlSetting } from "../base/hints.ts";
import type { PostgresOptions } from "../base/options.ts";
import { Turns } from "../base/turns.ts";
import { PostgresConnection } from "./connection.ts";
import { PostgresCursor } from "./cursor.ts";
import { isFull, sqlState, translatePostgresError } from "./errors.ts";
import { connectionConfig } from "./server-settings.ts";
import { Session } from "./session.ts";
import { StatementNames } from "./statement-names.ts";

const POOL_TIMEOUT = 10_000;
const IDLE_TIMEOUT = 300_000;
const MAX_LIFETIME = 3_600_000;
/** The longest pause before a server that is full is asked again, in ms; cut short at random. */
const LONGEST_PAUSE = 500;

/**
 * A session that is wanted again within so many ms does not go back to the pool meanwhile: the pool's timers and its queue
 * cost as much as a small statement. The pool decides over its age and idleness at the latest then.
 */
const KEPT_WARM = 1000;

/** How often the log is told of the same trouble, in ms. */
const BETWEEN_WARNINGS = 10_000;

const log = logger("tsjango.db");

/** A connection outlives the request that opened it, and must not keep it in memory. */
const outsideRequests = AsyncLocalStorage.snapshot();

/** What a driver is told of its server. */
export interface PostgresServer {
  readonly url: string;
  readonly maxConnections: number;
  /** What messages call it. */
  readonly name: string;
  readonly alias: string;
  readonly options: PostgresOptions;
}

/** node-postgres with a fair pool, our parsers and errors, and connections that are looked after. */
export class PostgresDriver {
  readonly #pool: pg.Pool;
  readonly #server: PostgresServer;
  readonly #turns: Turns;
  readonly #sessions = new Map<pg.PoolClient, Session>();
  /** Sessions that nobody uses just now, and that the pool does not have yet. */
  readonly #warm: Session[] = [];
  #cooling: NodeJS.Timeout | undefined;
  #closed = false;
  /** When a connection was last found broken: the older ones may be so too. */
  #lostAt = 0;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(server: PostgresServer) {
    const { options, maxConnections } = server;
    this.#server = server;
    this.#turns = new Turns(maxConnections);
    this.#pool = new pg.Pool({
      ...connectionConfig(server.url, options),
      max: maxConnections,
      min: Math.min(options.minConnections ?? 0, maxConnections),
      idleTimeoutMillis: options.idleTimeout ?? IDLE_TIMEOUT,
      maxLifetimeSeconds: (options.maxLifetime ?? MAX_LIFETIME) / 1000,
      // BEGIN and the first statement of a transaction share a round trip, a cursor fetches ahead.
      pipeline: true,
      // A pool that nobody uses must not keep a program from ending.
      allowExitOnIdle: true,
    } as pg.PoolConfig);
    const shared = {
      names: options.preparedStatements === false ? undefined : new StatementNames(),
      queryTimeout: options.queryTimeout ?? 0,
    };
    this.#pool.on("connect", (client) => {
      const session = new Session(client, shared);
      this.#sessions.set(client, session);
      client.on("error", (error) => {
        if (this.#warm.includes(session)) this.#lostIdle(error, session);
      });
    });
    this.#pool.on("remove", (client) => this.#sessions.delete(client));
    // A connection that breaks while idle is dropped by the pool; without a listener it would end the process.
    this.#pool.on("error", (error) => this.#lostIdle(error));
  }

  async acquire(): Promise<PostgresConnection> {
    const session = await this.#session();
    return new PostgresConnection(session, (broken) => this.#release(session, broken));
  }

  async execute(
    sql: string,
    parameters: readonly unknown[],
    { reads = false }: StatementOptions,
  ): Promise<StatementResult> {
    for (let again = reads; ; again = false) {
      const session = await this.#session();
      try {
        return await session.run(sql, parameters);
      } catch (error) {
        if (!again || !wasLost(error, session)) throw error;
      } finally {
        this.#release(session);
      }
    }
  }

  async cursor(sql: string, parameters: readonly unknown[]): Promise<Cursor> {
    for (let again = true; ; again = false) {
      const connection = await this.acquire();
      try {
        await connection.begin();
        const name = await connection.declare(sql, parameters);
        return new PostgresCursor({
          name,
          ahead: true,
          execute: (fetch) => connection.execute(fetch),
          // It has changed nothing; the shorter end is that of a transaction that is given up.
          close: () =>
            connection
              .rollback()
              .catch(() => undefined)
              .finally(() => connection.release()),
        });
      } catch (error) {
        const lost = wasLost(error, connection);
        await connection.rollback().catch(() => undefined);
        connection.release();
        if (!again || !lost) throw error;
      }
    }
  }

  /** What runs or waits for its turn has its end before; the connection of a transaction that does not end is cut. */
  async close(): Promise<void> {
    const timeout = this.#poolTimeout;
    const idle = await this.#turns.idle(timeout);
    this.#closed = true;
    this.#cool();
    const ended = this.#pool.end();
    if (idle) return ended;
    const message = `A transaction did not end within ${timeout} ms before its database was closed`;
    log.warn({ database: this.#server.name }, message);
    for (const session of this.#sessions.values()) session.destroy();
  }

  get #poolTimeout(): number {
    return this.#server.options.poolTimeout ?? POOL_TIMEOUT;
  }

  async #session(): Promise<Session> {
    if (this.#turns.busy) await this.#wait();
    else this.#turns.acquire();
    try {
      return this.#takeWarm() ?? (await this.#connected());
    } catch (error) {
      this.#turns.release();
      throw error;
    }
  }

  async #wait(): Promise<void> {
    const timeout = this.#poolTimeout;
    const late = () =>
      new PoolTimeout(
        `No connection to ${this.#server.name} became free within ${timeout} ms: all ${this.#server.maxConnections} are ` +
          "in use. Make transactions shorter, or raise maxConnections in settings.databases.",
      );
    const start = performance.now();
    try {
      await this.#turns.acquire({ timeout, late });
    } catch (error) {
      if (error instanceof PoolTimeout) this.#measure("timeouts", "counter", 1, "{timeout}");
      throw error;
    } finally {
      this.#measure("wait_time", "histogram", (performance.now() - start) / 1000, "s");
    }
  }

  /** Source: https://opentelemetry.io/docs/specs/semconv/database/database-metrics/ */
  #measure(name: string, kind: "counter" | "histogram", value: number, unit: string): void {
    if (!hasMetricListeners()) return;
    const attributes = { "db.client.connection.pool.name": this.#server.name };
    recordMetric({ name: `db.client.connection.${name}`, kind, value, unit, attributes });
  }

  #warn(error: unknown, message: string): void {
    const now = performance.now();
    if (now - this.#warnedAt < BETWEEN_WARNINGS) return;
    this.#warnedAt = now;
    log.warn({ error, database: this.#server.name }, message);
  }

  async #connected(): Promise<Session> {
    for (;;) {
      const client = await this.#client();
      const session = this.#sessions.get(client)!;
      if (session.provenAt >= this.#lostAt || (await session.ping())) {
        session.warmUntil = performance.now() + KEPT_WARM;
        return session;
      }
      session.release(true);
    }
  }

  #takeWarm(): Session | undefined {
    const session = this.#warm.pop();
    if (session === undefined) return undefined;
    session.wake();
    if (!session.broken && session.provenAt >= this.#lostAt) return session;
    // By way of the pool it is asked whether it still works.
    session.release(false);
    return undefined;
  }

  /** Gives the pool what nobody has used for a while. */
  #cool(): void {
    clearTimeout(this.#cooling);
    this.#cooling = undefined;
    for (const session of this.#warm.splice(0)) session.release(false);
  }

  /** A connection broke while nobody used it. */
  #lostIdle(error: unknown, session?: Session): void {
    // Connections that have said farewell may still be told something.
    if (this.#closed) return;
    this.#warn(error, "The server ended a connection that nobody used");
    this.#suspect();
    if (session === undefined) return;
    this.#warm.splice(this.#warm.indexOf(session), 1);
    session.release(true);
  }

  async #client(): Promise<pg.PoolClient> {
    const deadline = performance.now() + (this.#poolTimeout || Number.POSITIVE_INFINITY);
    for (let attempt = 0; ; attempt++) {
      try {
        return await outsideRequests(() => this.#pool.connect());
      } catch (error) {
        if (!isFull(error) || performance.now() > deadline) throw this.#unreachable(error);
        this.#warn(error, "The server takes no connection: it starts, or all processes together want more than it has");
        refuseAbandoned();
        await sleep(Math.random() * Math.min(LONGEST_PAUSE, 20 * 2 ** attempt));
      }
    }
  }

  #unreachable(error: unknown): OperationalError {
    const translated = translatePostgresError(error, {});
    const ErrorClass = translated instanceof DatabaseUnavailable ? DatabaseUnavailable : OperationalError;
    const { name, alias } = this.#server;
    const url = urlSetting(alias);
    const hint = sqlState(error)?.startsWith("28")
      ? `Are the user and the password in ${url} right?`
      : sqlState(error) === "3D000"
        ? `Make it with createdb, or name another one in ${url}.`
        : `Is the server running, and is ${url} right?`;
    return new ErrorClass(`Cannot connect to ${name}: ${(error as Error).message || translated.message}. ${hint}`, {
      cause: error,
    });
  }

  #release(session: Session, broken = false): void {
    if (session.broken) this.#suspect();
    if (!broken && session.clean && performance.now() < session.warmUntil) {
      session.rest();
      this.#warm.push(session);
      this.#cooling ??= outsideRequests(() => setTimeout(() => this.#cool(), KEPT_WARM).unref());
    } else {
      session.release(broken);
    }
    this.#turns.release();
  }

  #suspect(): void {
    this.#lostAt = performance.now();
  }
}

/** Whether a statement had no answer because its connection broke. */
function wasLost(error: unknown, { broken }: { readonly broken: boolean }): boolean {
  return broken && error instanceof DatabaseUnavailable;
}
