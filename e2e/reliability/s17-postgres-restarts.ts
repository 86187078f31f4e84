import { alone } from "./support/alone.ts";
import { DatabaseSite } from "./support/database-site.ts";
import { Ledger } from "./support/ledger.ts";
import { PostgresServer } from "./support/postgres-server.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** PostgreSQL crashes and comes back under load: 503 meanwhile, no error a second later, nothing acknowledged is lost. */
export default function postgresRestarts(form: "long" | "short"): Promise<Measured> {
  return within(PostgresServer.start("synchronous_commit=on"), (server) =>
    within(DatabaseSite.make(server.url, { maxConnections: 8 }), async (site) => {
      const ledger = new Ledger(site, 16);
      const pause = () => new Promise((resolve) => setTimeout(resolve, form === "long" ? 3000 : 1500));
      let slowest = 0;
      for (let restart = 0; restart < (form === "long" ? 5 : 1); restart++) {
        await pause();
        await server.kill();
        await server.start();
        const back = performance.now();
        await pause();
        const last = Math.max(0, ...ledger.failures.map(({ at }) => at - back));
        slowest = Math.max(slowest, last);
      }
      await ledger.stop();
      const wrong = ledger.failures.filter(({ status }) => status !== 503);
      expectThat(wrong.length === 0, `answers of ${wrong[0]?.status}`);
      expectThat(ledger.failures.length > 0, "no request noticed the restart");
      expectThat(
        slowest < (form === "long" ? 1000 : 5000),
        `the last error came ${slowest.toFixed(0)} ms after the server was back`,
      );
      return { figure: `${await ledger.check()}; last error ${slowest.toFixed(0)} ms after the server was back` };
    }),
  );
}

await alone(import.meta.filename, postgresRestarts);
