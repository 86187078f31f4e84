import { copyFileSync, existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { connections } from "@tsjango/orm";
import { alone } from "./support/alone.ts";
import { Child } from "./support/children.ts";
import { DatabaseSite, sql } from "./support/database-site.ts";
import { checkMoney, killInTransactions } from "./support/invariant.ts";
import { PostgresServer } from "./support/postgres-server.ts";
import { within, withSqliteFile } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** The same on PostgreSQL, with the server killed as well; and SQLite files as they are at any moment, as after a power cut. */
export default async function killPostgres(form: "long" | "short"): Promise<Measured> {
  const [kills, crashes, copies] = form === "long" ? [200, 5, 100] : [4, 1, 5];
  const acknowledged = await within(PostgresServer.start(), (server) =>
    within(DatabaseSite.make(server.url), async () => {
      const { acknowledged } = await killInTransactions(server.url, kills);
      for (let crash = 0; crash < crashes; crash++) {
        const child = new Child("transfers", server.url);
        await child.started();
        await sleep(Math.random() * 100);
        await server.kill();
        await child.kill();
        await server.start();
        await connections.closeAll();
        await checkMoney(child.lines.filter((line) => line.length === 36));
      }
      return acknowledged;
    }),
  );
  await withSqliteFile((url, file) =>
    within(DatabaseSite.make(url), async () => {
      const child = new Child("transfers", url);
      await child.started();
      try {
        for (let copy = 0; copy < copies; copy++) await lookAtCopy(child, file);
      } finally {
        await child.kill();
      }
    }),
  );
  return {
    figure: `${kills} kills, ${crashes} crashes of the server: ${acknowledged} acknowledged, 0 lost; ${copies} copies whole`,
  };
}

async function lookAtCopy(child: Child, file: string): Promise<void> {
  await sleep(Math.random() * 20);
  // Stopped, the files are as a power cut would leave what the system has been given.
  child.process.kill("SIGSTOP");
  await sleep(5);
  const told = child.lines.filter((line) => line.length === 36);
  const copy = `${file}.copy`;
  for (const suffix of ["", "-wal"]) if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
  child.process.kill("SIGCONT");
  await within(DatabaseSite.open(`sqlite:${copy}`), async () => {
    await checkMoney(told);
    const [[integrity] = []] = await sql("pragma integrity_check");
    expectThat(integrity === "ok", `integrity_check: ${integrity}`);
  });
}

await alone(import.meta.filename, killPostgres);
