import { atomic } from "@tsjango/orm";
import { alone } from "./support/alone.ts";
import { DatabaseSite, sql } from "./support/database-site.ts";
import { PostgresServer } from "./support/postgres-server.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

const raised = (state: string) => () => sql(`do $$ begin raise exception 'x' using errcode = '${state}'; end $$`);

/** Each kind of failure, how it is brought about, the class of its error, and how often `retries: 2` runs its body. */
const CASES: readonly (readonly [string, () => Promise<unknown>, string, number])[] = [
  ["40001", raised("40001"), "TransactionConflictError", 3],
  ["40P01", raised("40P01"), "TransactionConflictError", 3],
  ["55P03", () => sql("lock table ledger_entry nowait"), "LockTimeout", 1],
  ["55P03 by time", () => sql("lock table ledger_entry"), "LockTimeout", 1],
  ["57014", () => sql("select pg_sleep(5)"), "QueryCanceled", 1],
  ["25006", () => sql("set transaction read only; delete from ledger_job"), "ReadOnlyError", 1],
  ["23505", raised("23505"), "IntegrityError", 1],
  ["57P01", () => sql("select pg_terminate_backend(pg_backend_pid())"), "DatabaseUnavailable", 1],
];

/** Failures have classes of their own, and only lost transactions are run again. */
export default function errors(): Promise<Measured> {
  const options = { statementTimeout: 300, lockTimeout: 100 };
  return within(PostgresServer.start(), (server) =>
    within(DatabaseSite.make(server.url, options), async () => {
      for (const [state, run, name, attempts] of CASES) {
        let runs = 0;
        const failing = () =>
          atomic(
            async () => {
              runs++;
              await run();
            },
            { retries: 2 },
          ).then(
            () => "nothing",
            (error: Error) => error.name,
          );
        const found = state.startsWith("55P03") ? await besideLock(failing) : await failing();
        expectThat(found === name && runs === attempts, `${state}: ${found} after ${runs} runs`);
      }
      return { figure: `${CASES.length} kinds of failure have their classes; only 40001 and 40P01 are run again` };
    }),
  );
}

async function besideLock<T>(body: () => Promise<T>): Promise<T> {
  let unlock = (): void => {};
  let locked = (): void => {};
  const ready = new Promise<void>((resolve) => {
    locked = resolve;
  });
  const holder = atomic(async () => {
    await sql("lock table ledger_entry");
    locked();
    await new Promise<void>((resolve) => {
      unlock = resolve;
    });
  });
  await ready;
  try {
    return await body();
  } finally {
    unlock();
    await holder;
  }
}

await alone(import.meta.filename, errors);
