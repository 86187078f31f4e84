import { setTimeout as sleep } from "node:timers/promises";
import { alone } from "./support/alone.ts";
import { DatabaseSite } from "./support/database-site.ts";
import { Ledger } from "./support/ledger.ts";
import { PostgresServer } from "./support/postgres-server.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** PostgreSQL keeps its connections open and answers nothing: queries are given up, and their places in the pool are free. */
export default function postgresHangs(form: "long" | "short"): Promise<Measured> {
  const options = { maxConnections: 4, queryTimeout: 400, connectTimeout: 400, poolTimeout: 1000 };
  return within(PostgresServer.start(), (server) =>
    within(DatabaseSite.make(server.url, options), async (site) => {
      const ledger = new Ledger(site, 8);
      await sleep(500);
      await server.freeze();
      ledger.latencies.length = 0;
      await sleep(form === "long" ? 15_000 : 3000);
      const answered = ledger.latencies.length;
      const slowest = ledger.latencies.reduce((most, each) => Math.max(most, each), 0);
      await server.thaw();
      const back = performance.now();
      await sleep(1500);
      const working = ledger.reads;
      await sleep(300);
      await ledger.stop();
      const last = ledger.failures.at(-1)?.at ?? 0;
      expectThat(answered >= 4, `${answered} requests were answered while it hung`);
      expectThat(slowest < 3000, `a request waited ${slowest.toFixed(0)} ms`);
      expectThat(
        ledger.failures.every(({ status }) => status === 503),
        "an answer that is not 503",
      );
      expectThat(
        last - back < 1500 && ledger.reads > working,
        `errors for ${(last - back).toFixed(0)} ms after it went on`,
      );
      return { figure: `${await ledger.check()}; slowest answer ${slowest.toFixed(0)} ms` };
    }),
  );
}

await alone(import.meta.filename, postgresHangs);
