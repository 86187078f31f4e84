import { setTimeout as sleep } from "node:timers/promises";
import { alone } from "./support/alone.ts";
import { DatabaseSite } from "./support/database-site.ts";
import { Ledger } from "./support/ledger.ts";
import { PostgresServer } from "./support/postgres-server.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

const MOST_GROWTH = 60;

/** PostgreSQL is away for a minute: requests fail at once, with 503, memory stays flat, and all is well when it is back. */
export default function postgresAway(form: "long" | "short"): Promise<Measured> {
  return within(PostgresServer.start(), (server) =>
    within(DatabaseSite.make(server.url, { maxConnections: 8, connectTimeout: 1000 }), async (site) => {
      const ledger = new Ledger(site, 16);
      await sleep(1000);
      await server.kill();
      await sleep(1000);
      const before = process.memoryUsage().rss;
      ledger.latencies.length = 0;
      await sleep(form === "long" ? 60_000 : 1500);
      const slowest = ledger.latencies.reduce((most, each) => Math.max(most, each), 0);
      const growth = (process.memoryUsage().rss - before) / 2 ** 20;
      await server.start();
      const back = performance.now();
      await sleep(1500);
      await ledger.stop();
      const last = ledger.failures.at(-1)?.at ?? 0;
      const statuses = new Set(ledger.failures.map(({ status }) => status));
      expectThat(statuses.size === 1 && statuses.has(503), `answers of ${[...statuses]}`);
      expectThat(slowest < 2000, `a request took ${slowest.toFixed(0)} ms to fail`);
      expectThat(growth < MOST_GROWTH, `${growth.toFixed(0)} MiB more memory`);
      expectThat(last - back < 1000, `errors for ${(last - back).toFixed(0)} ms after it was back`);
      return {
        figure: `${await ledger.check()}; slowest failure ${slowest.toFixed(0)} ms, ${growth.toFixed(0)} MiB more`,
      };
    }),
  );
}

await alone(import.meta.filename, postgresAway);
