import { statSync } from "node:fs";
import { connections } from "@tsjango/orm";
import { alone } from "./support/alone.ts";
import { DatabaseSite, Entry, sql } from "./support/database-site.ts";
import { within, withSqliteFile } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** A reader that stays for a minute: writers go on, and the log shrinks again when it has gone. */
export default function longReader(form: "long" | "short"): Promise<Measured> {
  const milliseconds = form === "long" ? 60_000 : 1500;
  return withSqliteFile((url, file) =>
    within(DatabaseSite.make(url), async () => {
      const write = () => Entry.objects.bulkCreate(Array.from({ length: 50 }, () => ({ key: crypto.randomUUID() })));
      await write();
      const cursor = await connections.get().cursor("select key from ledger_entry");
      const first = (await cursor.read(10)).length;
      const end = performance.now() + milliseconds;
      let batches = 0;
      let slowest = 0;
      while (performance.now() < end) {
        const start = performance.now();
        await write();
        slowest = Math.max(slowest, performance.now() - start);
        batches++;
      }
      const grown = statSync(`${file}-wal`).size / 2 ** 20;
      let seen = first;
      for (let rows = await cursor.read(100); rows.length > 0; rows = await cursor.read(100)) seen += rows.length;
      await cursor.close();
      const [[busy] = []] = await sql("pragma wal_checkpoint(truncate)");
      const left = statSync(`${file}-wal`).size;
      expectThat(seen === 50, `the reader saw ${seen} rows, not its 50`);
      expectThat(Number(busy) === 0 && left === 0, `the log holds ${left} bytes after the reader`);
      expectThat(slowest < 2000, `a write took ${slowest.toFixed(0)} ms`);
      return {
        figure: `${batches * 50} rows written beside the reader, slowest ${slowest.toFixed(0)} ms; log ${grown.toFixed(0)} MiB, then 0`,
      };
    }),
  );
}

await alone(import.meta.filename, longReader);
