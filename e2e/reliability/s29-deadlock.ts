import { atomic, onCommit, TransactionConflictError } from "@tsjango/orm";
import { alone } from "./support/alone.ts";
import { Account, DatabaseSite, Entry } from "./support/database-site.ts";
import { PostgresServer } from "./support/postgres-server.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** Two transactions that wait for each other: one is run again as a whole, and what it does besides is done once. */
export default function deadlock(form: "long" | "short"): Promise<Measured> {
  const rounds = form === "long" ? 50 : 3;
  return within(PostgresServer.start("deadlock_timeout=50ms"), (server) =>
    within(DatabaseSite.make(server.url), async () => {
      let runs = 0;
      let callbacks = 0;
      const touch = async (id: number) => void (await Account.objects.filter({ id }).update({ cents: 1 }));
      const cross = (first: number, second: number, retries: number) =>
        atomic(
          async () => {
            runs++;
            await Entry.objects.create({ key: crypto.randomUUID() });
            await onCommit(() => void callbacks++);
            await touch(first);
            await new Promise((resolve) => setTimeout(resolve, 40));
            await touch(second);
          },
          { retries },
        );
      for (let round = 0; round < rounds; round++) await Promise.all([cross(1, 2, 5), cross(2, 1, 5)]);
      const again = runs - rounds * 2;
      const rows = await Entry.objects.count();
      // On a busy machine one of the two may be through before the other begins.
      expectThat(again >= rounds / 2, `only ${again} of ${rounds} deadlocks came about`);
      expectThat(rows === rounds * 2 && callbacks === rounds * 2, `${rows} rows and ${callbacks} callbacks`);
      const figure = `${rounds} deadlocks: ${again} bodies run again, ${rows} rows, ${callbacks} callbacks`;
      const results = await Promise.allSettled([cross(1, 2, 0), cross(2, 1, 0)]);
      const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
      expectThat(errors.length === 1 && errors[0] instanceof TransactionConflictError, `without retries: ${errors}`);
      return { figure };
    }),
  );
}

await alone(import.meta.filename, deadlock);
