import type { Backend } from "../backends/base/backend.ts";
import type { Connection } from "../backends/base/connection.ts";
import { MigrationError } from "../exceptions.ts";
import { codeDatabase } from "./code-database.ts";
import { type LockPatience, withLockRetries } from "./lock-timeout.ts";
import { migrationKey } from "./migration.ts";
import { beginLocked, lockedSession } from "./migration-lock.ts";
import type { StatementSink } from "./operation-context.ts";
import type { PlanStep } from "./plan.ts";
import { ensureRecordTable, progressOf, remember, setProgress, unrecord } from "./recorder.ts";
import { inTransaction, onSchemaConnection } from "./schema-connection.ts";
import { type StatementTarget, triggersOf } from "./schema-runner.ts";

/** Statements that PostgreSQL runs only outside of a transaction. */
const ALONE = /^\s*(DO|VACUUM)\b|\b(CONCURRENTLY|CREATE\s+DATABASE|ALTER\s+SYSTEM)\b/i;

interface PartsOptions {
  readonly backend: Backend;
  readonly patience: LockPatience;
  operations(target: StatementTarget, sink: StatementSink): Promise<void>;
}

/**
 * Runs a migration that is not atomic. The database counts the parts that are done, each in one transaction with the
 * part itself, so that a run which was ended half-way is taken up again where it stopped.
 */
export async function runInParts(step: PlanStep, { backend, patience, operations }: PartsOptions): Promise<boolean> {
  return onSchemaConnection(backend, (connection) =>
    lockedSession(connection, backend, async () => {
      await transaction(connection, backend, () => ensureRecordTable(connection, backend));
      const parts = new Parts(step, { connection, backend, patience });
      if (!(await parts.begin())) return false;
      await operations(parts.target, parts.sink);
      await parts.end();
      return true;
    }),
  );
}

function transaction<T>(connection: Connection, backend: Backend, body: () => Promise<T>): Promise<T> {
  // PostgreSQL's lock is held by the session already.
  const begin = () => (backend.vendor === "sqlite" ? beginLocked(connection, backend) : connection.begin());
  return inTransaction(connection, begin, body);
}

/** Counts the parts of one migration, and passes over those that are done. */
class Parts {
  readonly #step: PlanStep;
  readonly #connection: Connection;
  readonly #backend: Backend;
  readonly #patience: LockPatience;
  #position = 0;

  constructor(
    step: PlanStep,
    { connection, backend, patience }: { connection: Connection; backend: Backend; patience: LockPatience },
  ) {
    this.#step = step;
    this.#connection = connection;
    this.#backend = backend;
    this.#patience = patience;
  }

  get #forwards(): boolean {
    return this.#step.direction === "forwards";
  }

  /** False where there is nothing to do. Throws where it was left half-way in the other direction. */
  async begin(): Promise<boolean> {
    const { migration } = this.#step;
    const progress = await progressOf(this.#connection, this.#backend, migration);
    if (this.#forwards ? progress === "applied" : progress === undefined) return false;
    if (typeof progress === "number" && progress < 0 === this.#forwards) {
      const [app, name] = [migration.app, migration.name];
      throw new MigrationError(
        `${migrationKey(migration)} was left half-way when it was ${this.#forwards ? "taken back" : "applied"}. ` +
          `Let that end first: migrate ${app} ${this.#forwards ? "zero, or the migration before it" : name}.`,
      );
    }
    return true;
  }

  async end(): Promise<void> {
    await transaction(this.#connection, this.#backend, async () => {
      await unrecord(this.#connection, this.#backend, this.#step.migration);
      await remember(this.#connection, this.#backend, this.#step);
    });
  }

  readonly target: StatementTarget = {
    online: true,
    execute: (...statements) => this.#part(statements),
    triggers: (table) => triggersOf(this.#connection, this.#backend, table),
  };

  readonly sink: StatementSink = {
    execute: (statement) => this.#part([statement]),
    run: async (code, state) => {
      const [connection, backend] = [this.#connection, this.#backend];
      const inside = backend.vendor === "sqlite";
      await this.#once(inside, async () => {
        const callbacks = await codeDatabase({ backend, connection, state, alone: !inside }, code);
        for (const callback of callbacks) await callback();
      });
    },
  };

  async #part(statements: readonly string[]): Promise<void> {
    const alone = statements.some((statement) => ALONE.test(statement));
    await this.#once(!alone, async () => {
      for (const statement of statements) await this.#connection.execute(statement);
    });
  }

  /** Runs one part unless it is done; in one transaction with its count, where it can be. */
  async #once(inTransaction: boolean, work: () => Promise<void>): Promise<void> {
    const position = ++this.#position;
    const count = () =>
      setProgress(this.#connection, this.#backend, {
        ...this.#step.migration,
        progress: this.#forwards ? position : -position,
      });
    const run = async () => {
      if (inTransaction) {
        await transaction(this.#connection, this.#backend, async () => {
          if (await this.#isDone(position)) return;
          if (this.#backend.vendor === "postgres") {
            await this.#connection.execute(`SET LOCAL lock_timeout = ${this.#patience.lockTimeout}`);
          }
          await work();
          await count();
        });
      } else if (!(await this.#isDone(position))) {
        await work();
        await count();
      }
    };
    await withLockRetries(this.#patience, run);
  }

  async #isDone(position: number): Promise<boolean> {
    const progress = await progressOf(this.#connection, this.#backend, this.#step.migration);
    if (progress === "applied") return this.#forwards;
    if (progress === undefined) return !this.#forwards;
    return Math.abs(progress) >= position;
  }
}
