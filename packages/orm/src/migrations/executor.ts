import { setTimeout as sleep } from "node:timers/promises";
import type { Backend } from "../backends/base/backend.ts";
import { type Connection, rowObjects } from "../backends/base/connection.ts";
import { IrreversibleError, MigrationError, MigrationFailed, OperationalError } from "../exceptions.ts";
import { migrationKey, type NamedMigration } from "./migration.ts";
import { operationContext, type StatementSink } from "./operation-context.ts";
import type { PlanStep } from "./plan.ts";
import { ensureRecordTable, isRecorded, record, unrecord } from "./recorder.ts";
import { statesOf } from "./replay.ts";
import type { ProjectState } from "./state.ts";
import { schemaEditors } from "./vendors.ts";

/** How long to wait for another process that migrates the same database. */
const PATIENCE_MS = 60_000;

/**
 * Applies or takes back one migration and records that, in one transaction: all of it or nothing.
 * @param before The state without the migration.
 * @returns Whether it did; false where another process had done it in the meantime.
 */
export async function runStep(
  { migration, direction }: PlanStep,
  before: ProjectState,
  { backend, fake = false }: { backend: Backend; fake?: boolean },
): Promise<boolean> {
  const editor = schemaEditors[backend.vendor];
  const connection = await backend.connect();
  try {
    for (const statement of editor.around.before) await connection.execute(statement);
    try {
      return await inTransaction(connection, async () => {
        for (const statement of editor.lock) await connection.execute(statement);
        await ensureRecordTable(connection, backend);
        const forwards = direction === "forwards";
        if ((await isRecorded(connection, backend, migration)) === forwards) return false;
        if (!fake)
          await runOperations({ migration, direction }, before, { backend, sink: liveSink(connection, backend) });
        if (!fake) await checkReferences(connection, editor.brokenReferences);
        await (forwards ? record : unrecord)(connection, backend, migration);
        return true;
      });
    } finally {
      for (const statement of editor.around.after) await connection.execute(statement);
    }
  } catch (cause) {
    if (cause instanceof MigrationError) throw cause;
    throw failure(migration, direction, cause as Error);
  } finally {
    connection.release();
  }
}

/** The statements of a migration, without running them. */
export async function statementsOf(
  step: PlanStep,
  before: ProjectState,
  { backend }: { backend: Backend },
): Promise<string[]> {
  const statements: string[] = [];
  const sink: StatementSink = {
    execute: async (statement) => void statements.push(`${statement};`),
    run: async () => void statements.push("-- Code that runs here cannot be shown as SQL."),
  };
  await runOperations(step, before, {
    backend,
    sink,
    onOperation: (description) => void statements.push(`-- ${description}`),
  });
  return statements;
}

async function runOperations(
  { migration, direction }: PlanStep,
  before: ProjectState,
  options: { backend: Backend; sink: StatementSink; onOperation?: (description: string) => void },
): Promise<void> {
  const { backend, sink } = options;
  const states = statesOf(before, migration);
  const editor = schemaEditors[backend.vendor];
  const steps = migration.operations.map((operation, index) => ({
    operation,
    states: [states[index], states[index + 1]] as [ProjectState, ProjectState],
  }));
  if (direction === "forwards") {
    for (const { operation, states } of steps) {
      options.onOperation?.(operation.description);
      await operation.forwards(operationContext(migration.app, states, { editor, backend, sink }));
    }
    return;
  }
  const stuck = migration.operations.find((operation) => operation.backwards === undefined);
  if (stuck !== undefined) {
    throw new IrreversibleError(
      `${migrationKey(migration)} cannot be taken back: "${stuck.description}" says no way back. ` +
        `Give it "backwards" in ${migration.file ?? "the migration"}, or go on with a new migration.`,
    );
  }
  for (const { operation, states } of steps.reverse()) {
    options.onOperation?.(`Undo: ${operation.description}`);
    const [from, to] = states;
    await operation.backwards?.(operationContext(migration.app, [to, from], { editor, backend, sink }));
  }
}

function liveSink(connection: Connection, backend: Backend): StatementSink {
  const settle = async () => {
    for (const statement of schemaEditors[backend.vendor].settle) await connection.execute(statement);
  };
  return {
    execute: async (statement) => {
      await connection.execute(statement);
      if (!/^\s*(ALTER|CREATE|DROP|SET)\b/i.test(statement)) await settle();
    },
    run: async (code) => {
      await code({
        vendor: backend.vendor,
        execute: async (sql, parameters = []) => rowObjects(await connection.execute(sql, parameters)),
      });
      await settle();
    },
  };
}

async function inTransaction<T>(connection: Connection, body: () => Promise<T>): Promise<T> {
  await beginPatiently(connection);
  let result: T;
  try {
    result = await body();
  } catch (error) {
    await connection.rollback();
    throw error;
  }
  await connection.commit();
  return result;
}

/** Another process may be migrating, for longer than a driver waits for a lock. */
async function beginPatiently(connection: Connection): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await connection.begin();
    } catch (error) {
      if (!(error instanceof OperationalError && /locked|busy/i.test(error.message)) || Date.now() > deadline)
        throw error;
      await sleep(50);
    }
  }
}

async function checkReferences(connection: Connection, query: string | undefined): Promise<void> {
  if (query === undefined) return;
  const [broken, ...others] = rowObjects(await connection.execute(query));
  if (broken === undefined) return;
  throw new Error(
    `row ${String(broken["rowid"])} of ${String(broken["table"])} refers to a row of ${String(broken["parent"])} ` +
      `that does not exist${others.length === 0 ? "" : `, and so do ${others.length} more`}`,
  );
}

function failure(migration: NamedMigration, direction: PlanStep["direction"], cause: Error): MigrationFailed {
  const verb = direction === "forwards" ? "applied" : "taken back";
  return new MigrationFailed(
    `${migrationKey(migration)} could not be ${verb}: ${cause.message.replace(/\.$/, "")}. Nothing of it is left in the database. ` +
      `Correct the rows, or ${migration.file ?? "the migration"}, and run migrate again.`,
    { cause },
  );
}
