import { alone } from "./support/alone.ts";
import { DatabaseSite, sql } from "./support/database-site.ts";
import { killInTransactions } from "./support/invariant.ts";
import { within, withSqliteFile } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** kill -9 in the middle of transactions on an SQLite file: whole transactions only, and all that were acknowledged. */
export default function killSqlite(form: "long" | "short"): Promise<Measured> {
  const kills = form === "long" ? 200 : 4;
  return withSqliteFile((url) =>
    within(DatabaseSite.make(url), async () => {
      const { acknowledged } = await killInTransactions(url, kills);
      const [[integrity] = []] = await sql("pragma integrity_check");
      expectThat(integrity === "ok", `integrity_check: ${integrity}`);
      return {
        figure: `${kills} kills: ${acknowledged} transactions acknowledged, 0 lost, the sum holds, integrity ok`,
      };
    }),
  );
}

await alone(import.meta.filename, killSqlite);
