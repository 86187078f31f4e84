import { setTimeout as sleep } from "node:timers/promises";
import { alone } from "./support/alone.ts";
import { DatabaseSite } from "./support/database-site.ts";
import { Ledger } from "./support/ledger.ts";
import { heldMemory } from "./support/memory.ts";
import { PostgresServer } from "./support/postgres-server.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** MiB that may be held more than at the start of the outage, and by which the process may have grown beside it. */
const MOST_HELD = 3;
const MOST_RESIDENT = 150;

/** PostgreSQL is away for a minute: requests fail at once, with 503, memory stays flat, and all is well when it is back. */
export default function postgresAway(form: "long" | "short"): Promise<Measured> {
  return within(PostgresServer.start(), (server) =>
    within(DatabaseSite.make(server.url, { maxConnections: 8, connectTimeout: 1000 }), async (site) => {
      const ledger = new Ledger(site, 16);
      await sleep(1000);
      await server.kill();
      await sleep(1000);
      const held = heldMemory();
      const resident = process.memoryUsage().rss;
      const statuses = new Set<number>();
      let slowest = 0;
      let failed = 0;
      // Of what was under way when the server went, the ledger must know the keys.
      const first = ledger.failures.length;
      // What the test itself remembers would be most of the memory.
      const takeStock = () => {
        slowest = ledger.latencies.splice(0).reduce((most, each) => Math.max(most, each), slowest);
        const failures = ledger.failures.splice(first);
        for (const { status } of failures) statuses.add(status);
        failed += failures.length;
      };
      ledger.latencies.length = 0;
      for (let second = 0; second < (form === "long" ? 60 : 2); second++) {
        await sleep(1000);
        takeStock();
      }
      const more = heldMemory() - held;
      const grown = (process.memoryUsage().rss - resident) / 2 ** 20;
      await server.start();
      const back = performance.now();
      await sleep(1500);
      await ledger.stop();
      const last = ledger.failures.at(-1)?.at ?? 0;
      takeStock();
      expectThat(statuses.size === 1 && statuses.has(503), `answers of ${[...statuses]}`);
      expectThat(slowest < 2000, `a request took ${slowest.toFixed(0)} ms to fail`);
      expectThat(more < MOST_HELD, `${more.toFixed(1)} MiB more are held after ${failed} failures`);
      expectThat(grown < MOST_RESIDENT, `the process grew by ${grown.toFixed(0)} MiB`);
      expectThat(last - back < 1000, `errors for ${(last - back).toFixed(0)} ms after it was back`);
      return {
        figure: `${await ledger.check()}; ${failed} failures, the slowest in ${slowest.toFixed(0)} ms; held ${held.toFixed(1)} MiB before, ${more.toFixed(1)} more after, ${grown.toFixed(0)} MiB more resident`,
      };
    }),
  );
}

await alone(import.meta.filename, postgresAway);
