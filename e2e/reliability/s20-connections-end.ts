import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "../../packages/orm/src/connections.ts";
import { alone } from "./support/alone.ts";
import { DatabaseSite } from "./support/database-site.ts";
import { Ledger } from "./support/ledger.ts";
import { PostgresServer } from "./support/postgres-server.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** Connections are ended by the server one after the other: reads never notice, writes are told with 503. */
export default function connectionsEnd(form: "long" | "short"): Promise<Measured> {
  return within(PostgresServer.start(), (server) =>
    within(DatabaseSite.make(server.url, { maxConnections: 6 }), async (site) => {
      const admin = openDatabase("admin", { url: server.url, options: { applicationName: "admin" } });
      const ledger = new Ledger(site, 12);
      let ended = 0;
      for (let round = 0; round < (form === "long" ? 30 : 8); round++) {
        await sleep(form === "long" ? 1000 : 150);
        const { rows } = await admin.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tsjango' order by random() limit 1",
        );
        ended += rows.length;
      }
      await ledger.stop();
      await admin.close();
      const reads = ledger.failures.filter(({ key }) => key === "");
      expectThat(reads.length === 0, `${reads.length} reads failed`);
      expectThat(
        ledger.failures.every(({ status }) => status === 503),
        "an answer that is not 503",
      );
      expectThat(ledger.failures.length <= ended, `${ledger.failures.length} failures of ${ended} ends`);
      return { figure: `${ended} connections ended: ${ledger.reads} reads all answered; ${await ledger.check()}` };
    }),
  );
}

await alone(import.meta.filename, connectionsEnd);
