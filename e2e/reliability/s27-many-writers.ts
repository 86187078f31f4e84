import { alone } from "./support/alone.ts";
import { Child } from "./support/children.ts";
import { DatabaseSite, Entry } from "./support/database-site.ts";
import { within, withSqliteFile } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

interface Told {
  readonly stall: number;
  readonly p99: number;
  readonly longest: number;
  readonly errors: readonly string[];
}

const PROCESSES = 4;

/** Four processes write to one SQLite file: no error is surfaced, nobody waits long, and no event loop stands still. */
export default function manyWriters(form: "long" | "short"): Promise<Measured> {
  const writes = form === "long" ? 5000 : 250;
  return withSqliteFile((url) =>
    within(DatabaseSite.make(url), async () => {
      const children = Array.from({ length: PROCESSES }, () => new Child("writes", url, writes));
      // The same in memory, where nobody waits for anybody: what stands still there is the machine's.
      const control = new Child("writes", "sqlite::memory:", writes * 2);
      const told = await Promise.all(children.map(result));
      const { stall: own } = await result(control);
      const errors = told.flatMap((each) => each.errors);
      const most = (name: "stall" | "p99" | "longest") => Math.max(...told.map((each) => each[name]));
      const rows = await Entry.objects.count();
      expectThat(errors.length === 0, `${errors.length} errors: ${errors[0]}`);
      expectThat(rows === PROCESSES * writes, `${rows} rows`);
      // Beside other tests times say little: a disk that is busy with others holds up the merge of the log.
      const longestStall = form === "long" ? 50 : 1000;
      expectThat(form === "short" || most("p99") < 1000, `p99 of ${most("p99").toFixed(0)} ms`);
      const still = `an event loop stood still for ${most("stall").toFixed(0)} ms, ${own.toFixed(0)} without a file`;
      expectThat(most("stall") < longestStall, still);
      const figures = `p99 ${most("p99").toFixed(0)} ms, longest ${most("longest").toFixed(0)} ms, stall ${most("stall").toFixed(0)} ms (${own.toFixed(0)} ms without a file)`;
      return { figure: `${PROCESSES} × ${writes} writes: ${rows} rows, 0 errors, ${figures}` };
    }),
  );
}

async function result(child: Child): Promise<Told> {
  await child.ended;
  expectThat(child.lines.length === 1, `a process told ${child.lines} ${child.stderr}`);
  return JSON.parse(child.lines[0] as string) as Told;
}

await alone(import.meta.filename, manyWriters);
