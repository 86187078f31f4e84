import { runInContext } from "@tsjango/kernel/async";
import { atomic } from "@tsjango/orm";
import { alone } from "./support/alone.ts";
import { DatabaseSite, Entry, sql } from "./support/database-site.ts";
import { PostgresServer } from "./support/postgres-server.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** Views that throw, and clients that leave, in the middle of transactions: all is rolled back, connections are clean. */
export default function leakedTransactions(form: "long" | "short"): Promise<Measured> {
  const rounds = form === "long" ? 300 : 20;
  return within(PostgresServer.start(), (server) =>
    within(DatabaseSite.make(server.url, { maxConnections: 3 }), async ({ client }) => {
      const abandoned = () => {
        const gone = new AbortController();
        setTimeout(() => gone.abort(), 70);
        return runInContext({ kind: "request", signal: gone.signal }, () =>
          atomic(async () => {
            await Entry.objects.create({ key: crypto.randomUUID() });
            await sql("select pg_sleep(5)");
          }).catch((error: Error) => error.name),
        );
      };
      const names: unknown[] = [];
      for (let round = 0; round < rounds; round++) {
        const [broken, name, fine] = await Promise.all([client.get("/broken/"), abandoned(), client.get("/entries/")]);
        names.push(name);
        expectThat(broken.status === 500 && fine.status === 200, `${broken.status}, ${fine.status}`);
      }
      const [[idle] = []] = await sql("select count(*) from pg_stat_activity where state like 'idle in transaction%'");
      expectThat(
        names.every((name) => name === "AbortError"),
        `ended by ${names.find((name) => name !== "AbortError")}`,
      );
      expectThat(Number(idle) === 0, `${idle} connections idle in a transaction`);
      expectThat((await Entry.objects.count()) === 0, "rows of transactions that did not end");
      return { figure: `${rounds} broken views, ${rounds} clients that left: 0 rows, 0 idle in transaction` };
    }),
  );
}

await alone(import.meta.filename, leakedTransactions);
