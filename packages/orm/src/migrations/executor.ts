import type { Backend } from "../backends/base/backend.ts";
import { type Connection, rowObjects } from "../backends/base/connection.ts";
import { BadMigrationError, IrreversibleError, MigrationError, MigrationFailed } from "../exceptions.ts";
import { codeDatabase } from "./code-database.ts";
import { DEFAULT_PATIENCE, isLockFailure, type LockPatience, withLockRetries } from "./lock-timeout.ts";
import { migrationKey, type NamedMigration } from "./migration.ts";
import { beginLocked } from "./migration-lock.ts";
import { operationContext, type StatementSink } from "./operation-context.ts";
import type { Operation } from "./operations/operation.ts";
import { runInParts } from "./parts.ts";
import type { PlanStep } from "./plan.ts";
import { ensureRecordTable, isRecorded, remember } from "./recorder.ts";
import { statesOf } from "./replay.ts";
import { inTransaction, onSchemaConnection } from "./schema-connection.ts";
import { SchemaRunner, type StatementTarget, triggersOf } from "./schema-runner.ts";
import type { ProjectState } from "./state.ts";
import { schemaEditors } from "./vendors.ts";

/** How a migration is run. */
export interface RunOptions {
  readonly backend: Backend;
  /** Only record it. */
  readonly fake?: boolean;
  readonly patience?: LockPatience;
  /** Told of each operation before it begins. */
  readonly onOperation?: ((description: string) => void) | undefined;
}

/**
 * Applies or takes back one migration and records that, in one transaction: all of it or nothing. One that says
 * `atomic: false` is done part by part, and goes on where it stopped.
 * @param before The state without the migration.
 * @returns Whether it did; false where another process had done it in the meantime.
 */
export async function runStep(step: PlanStep, before: ProjectState, options: RunOptions): Promise<boolean> {
  const { migration, direction } = step;
  const { backend, fake = false, patience = DEFAULT_PATIENCE } = options;
  refuseOneWay(step);
  try {
    if (!migration.atomic && !fake) {
      const operations = (target: StatementTarget, sink: StatementSink) =>
        runOperations(step, before, { ...options, target, sink });
      return await runInParts(step, { backend, patience, operations });
    }
    return await withLockRetries(patience, () => runAtOnce(step, before, { ...options, patience }));
  } catch (cause) {
    if (cause instanceof MigrationError) throw cause;
    throw failure(migration, direction, { cause: cause as Error, patience });
  }
}

async function runAtOnce(
  step: PlanStep,
  before: ProjectState,
  options: RunOptions & { readonly patience: LockPatience },
): Promise<boolean> {
  const { backend, fake = false, patience } = options;
  const { migration, direction } = step;
  const callbacks: (() => unknown)[] = [];
  const done = await onSchemaConnection(backend, (connection) => {
    const begin = () => beginLocked(connection, backend);
    return inTransaction(connection, begin, async () => {
      if (backend.vendor === "postgres") await connection.execute(`SET LOCAL lock_timeout = ${patience.lockTimeout}`);
      await ensureRecordTable(connection, backend);
      const forwards = direction === "forwards";
      if ((await isRecorded(connection, backend, migration)) === forwards) return false;
      if (!fake) {
        const copied = new Set<string>();
        await runOperations(step, before, { ...options, ...live(connection, backend, { callbacks, copied }) });
        await checkReferences(connection, schemaEditors[backend.vendor].brokenReferences, copied);
      }
      await remember(connection, backend, step);
      return true;
    });
  });
  for (const callback of callbacks) await callback();
  return done;
}

/** The statements of a migration, without running them. */
export async function statementsOf(
  step: PlanStep,
  before: ProjectState,
  { backend }: { backend: Backend },
): Promise<string[]> {
  refuseOneWay(step);
  const statements: string[] = [];
  const execute = async (...given: readonly string[]) =>
    void statements.push(...given.map((statement) => `${statement};`));
  await runOperations(step, before, {
    backend,
    target: { online: !step.migration.atomic, execute, triggers: async () => [] },
    sink: { execute, run: async () => void statements.push("-- Code that runs here cannot be shown as SQL.") },
    onOperation: (description) => void statements.push(`-- ${description}`),
  });
  return statements;
}

interface Running extends Pick<RunOptions, "backend" | "onOperation"> {
  readonly target: StatementTarget;
  readonly sink: StatementSink;
}

async function runOperations({ migration, direction }: PlanStep, before: ProjectState, running: Running) {
  const { backend, target, sink, onOperation } = running;
  const states = statesOf(before, migration);
  const schema = new SchemaRunner(schemaEditors[backend.vendor], target);
  const context = (from: ProjectState, to: ProjectState) =>
    operationContext(migration.app, [from, to], { schema, backend, sink, atomic: migration.atomic });
  const steps = migration.operations.map((operation, index) => ({
    operation,
    before: states[index] as ProjectState,
    after: states[index + 1] as ProjectState,
  }));
  if (direction === "forwards") {
    for (const { operation, before, after } of steps) {
      onOperation?.(operation.description);
      await operation.forwards(context(before, after));
    }
  } else {
    for (const { operation, before, after } of steps.reverse()) {
      onOperation?.(`Undo: ${operation.description}`);
      await operation.backwards?.(context(after, before));
    }
  }
  await schema.flush();
}

function refuseOneWay({ migration, direction }: PlanStep): void {
  if (direction === "forwards") return;
  const stuck = migration.operations.find((operation: Operation) => operation.backwards === undefined);
  if (stuck === undefined) return;
  throw new IrreversibleError(
    `${migrationKey(migration)} cannot be taken back: "${stuck.description}" says no way back. ` +
      `Give it "backwards" in ${migration.file ?? "the migration"}, or go on with a new migration.`,
  );
}

/** Runs everything on the connection whose transaction is open. */
function live(
  connection: Connection,
  backend: Backend,
  { callbacks, copied }: { readonly callbacks: (() => unknown)[]; readonly copied: Set<string> },
): Pick<Running, "target" | "sink"> {
  const settle = async () => {
    for (const statement of schemaEditors[backend.vendor].settle) await connection.execute(statement);
  };
  return {
    target: {
      online: false,
      async execute(...statements) {
        const tables = statements.flatMap((each) => /^INSERT INTO "new__((?:[^"]|"")+)"/.exec(each)?.[1] ?? []);
        for (const statement of statements) {
          // A table that was copied may have another name later, or be gone.
          const [, gone = ""] = /^(?:DROP TABLE|ALTER TABLE) "((?:[^"]|"")+)"(?: RENAME TO .*)?$/.exec(statement) ?? [];
          const dropped = statement.startsWith("DROP TABLE");
          if ((dropped || copied.has(gone)) && !tables.includes(gone)) copied.add(ANY_TABLE);
          await connection.execute(statement);
        }
        for (const table of tables) copied.add(table);
      },
      triggers: (table) => triggersOf(connection, backend, table),
    },
    sink: {
      async execute(statement) {
        refuseControl(statement);
        copied.add(ANY_TABLE);
        await connection.execute(statement);
        if (!/^\s*(ALTER|CREATE|DROP|SET)\b/i.test(statement)) await settle();
      },
      async run(code, state) {
        copied.add(ANY_TABLE);
        callbacks.push(...(await codeDatabase({ backend, connection, state }, code)));
        await settle();
      },
    },
  };
}

/** A transaction that ends early would leave half of the migration behind. */
function refuseControl(statement: string): void {
  if (!/^\s*(BEGIN|COMMIT|END|ROLLBACK(?!\s+TO)|START\s+TRANSACTION)\b/i.test(statement)) return;
  throw new BadMigrationError(
    `"${statement.trim()}" would end the transaction of the migration. Leave it out, or write atomic: false in the migration.`,
  );
}

/** Among the tables whose rows were written: no telling which they are. */
const ANY_TABLE = "";

/** Looks at the rows of the tables that were written; `query` is a pragma, which takes a table's name. */
async function checkReferences(
  connection: Connection,
  query: string | undefined,
  tables: ReadonlySet<string>,
): Promise<void> {
  if (query === undefined) return;
  const queries = tables.has(ANY_TABLE) ? [query] : [...tables].map((table) => `${query}("${table}")`);
  const found = [];
  for (const each of queries) found.push(...rowObjects(await connection.execute(each)));
  const [broken, ...others] = found;
  if (broken === undefined) return;
  throw new Error(
    `row ${String(broken["rowid"])} of ${String(broken["table"])} refers to a row of ${String(broken["parent"])} ` +
      `that does not exist${others.length === 0 ? "" : `, and so do ${others.length} more`}`,
  );
}

function failure(
  migration: NamedMigration,
  direction: PlanStep["direction"],
  { cause, patience }: { cause: Error; patience: LockPatience },
): MigrationFailed {
  const verb = direction === "forwards" ? "applied" : "taken back";
  const left = migration.atomic
    ? "Nothing of it is left in the database."
    : "The parts before it stand; migrate goes on from there.";
  const next = isLockFailure(cause)
    ? `Others held the table for longer than the ${patience.lockTimeout} ms of --lock-timeout, ${patience.attempts} times. ` +
      "Run migrate again when there is less going on, or with a longer --lock-timeout."
    : `Correct the rows, or ${migration.file ?? "the migration"}, and run migrate again.`;
  return new MigrationFailed(
    `${migrationKey(migration)} could not be ${verb}: ${cause.message.replace(/\.$/, "")}. ${left} ${next}`,
    { cause },
  );
}
