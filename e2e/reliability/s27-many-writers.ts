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
/** What the driver blocks, it blocks each time; what the machine does beside shows in some. */
const ROUNDS = 3;
const LONGEST_STALL = 50;

/** Four processes write to one SQLite file: no error is surfaced, nobody waits long, and no event loop stands still. */
export default async function manyWriters(form: "long" | "short"): Promise<Measured> {
  const writes = form === "long" ? 5000 : 250;
  // Beside other tests times say little.
  const longest = form === "long" ? LONGEST_STALL : 20 * LONGEST_STALL;
  const stalls: string[] = [];
  for (let round = 1; ; round++) {
    const { stall, control, p99, longest: slowest } = await writeAtOnce(writes);
    stalls.push(`${stall.toFixed(0)} ms, ${control.toFixed(0)} without a file`);
    expectThat(stall < longest || round < ROUNDS, `an event loop stood still for ${stalls.join("; ")}`);
    if (stall >= longest) continue;
    expectThat(form === "short" || p99 < 1000, `p99 of ${p99.toFixed(0)} ms`);
    const figures = `p99 ${p99.toFixed(0)} ms, longest ${slowest.toFixed(0)} ms, stall ${stalls.join("; ")}`;
    return { figure: `${PROCESSES} × ${writes} writes: ${PROCESSES * writes} rows, 0 errors, ${figures}` };
  }
}

/** The worst of the processes, and the stall of one that writes as much in memory, where nobody waits for anybody. */
function writeAtOnce(writes: number): Promise<Omit<Told, "errors"> & { readonly control: number }> {
  return withSqliteFile((url) =>
    within(DatabaseSite.make(url), async () => {
      const children = Array.from({ length: PROCESSES }, () => new Child("writes", url, writes));
      const inMemory = new Child("writes", "sqlite::memory:", writes * 2);
      const told = await Promise.all(children.map(result));
      const { stall: control } = await result(inMemory);
      const errors = told.flatMap((each) => each.errors);
      const rows = await Entry.objects.count();
      expectThat(errors.length === 0, `${errors.length} errors: ${errors[0]}`);
      expectThat(rows === PROCESSES * writes, `${rows} rows`);
      const most = (name: "stall" | "p99" | "longest") => Math.max(...told.map((each) => each[name]));
      return { stall: most("stall"), p99: most("p99"), longest: most("longest"), control };
    }),
  );
}

async function result(child: Child): Promise<Told> {
  await child.ended;
  expectThat(child.lines.length === 1, `a process told ${child.lines} ${child.stderr}`);
  return JSON.parse(child.lines[0] as string) as Told;
}

await alone(import.meta.filename, manyWriters);
