import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { quantile } from "../harness.ts";
import { load } from "../http/load.ts";
import { checkJson, checkPage } from "./check.ts";
import { makeDatabase } from "./database.ts";
import { Site } from "./site.ts";
import { SITES } from "./sites.ts";

/**
 * A page of 20 books with their authors from a SQLite file through the template, and the same as JSON: requests for each second
 * of CPU that the server's processes use. Sites as their users write them, one worker each, in turn.
 * Arguments: words of what to measure ("page", "json") and of sites; all where there are none. `ROUNDS` sets the number of rounds.
 */
const CASES = [
  { title: "page", path: "/", check: checkPage },
  { title: "JSON", path: "/api/books/", check: checkJson },
] as const;

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = <T>(all: readonly T[], name: (one: T) => string): readonly T[] => {
  const some = all.filter((one) => words.some((word) => name(one).toLowerCase().startsWith(word)));
  return some.length === 0 ? all : some;
};
const rounds = Number(process.env["ROUNDS"] ?? 11);
/** Seconds of CPU in a round, and before the first. */
const LENGTH = Number(process.env["SECONDS"] ?? 0.7);
const WARM_UP = LENGTH * 4;

interface Measured {
  readonly site: Site;
  /** Requests in a round. */
  count: number;
  /** Requests for each second of CPU. */
  readonly rates: number[];
  memory: number;
}

async function measure({ title, path, check }: (typeof CASES)[number], sites: readonly Site[]): Promise<void> {
  const all: Measured[] = [];
  const asked = new Map<Site, Parameters<typeof load>[2]>();
  for (const site of sites) {
    const answer = await (await fetch(site.url + path)).text();
    check(answer, site.name);
    // The load compares with what comes as Latin-1.
    asked.set(site, { title, method: "GET", path, answer: Buffer.from(answer).toString("latin1") });
    all.push({ site, count: 0, rates: [], memory: 0 });
  }
  const cpuOf = async ({ site }: Measured, count: number): Promise<number> => {
    const before = site.cpu();
    await load(site.url, count, asked.get(site) as Parameters<typeof load>[2]);
    return site.cpu() - before;
  };
  for (const one of all) {
    for (let used = 0, size = 100; used < WARM_UP; size *= 2) {
      const cpu = await cpuOf(one, size);
      used += cpu;
      // Ticks are 10 ms: of what takes less there is no figure.
      one.count = Math.ceil((size / Math.max(cpu, 0.01)) * LENGTH);
    }
  }
  for (let n = 0; n < rounds; n++) {
    for (const one of all) one.rates.push(one.count / (await cpuOf(one, one.count)));
  }
  for (const one of all) one.memory = one.site.memory();
  report(title, all);
}

function report(title: string, all: readonly Measured[]): void {
  console.log(`\n## ${title}: requests for each second of CPU`);
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}; ${rounds} rounds of ${LENGTH} s of CPU\n`,
  );
  console.log("| site | requests per CPU second (quartiles) | µs CPU each | tsjango ÷ it (quartiles) | memory MB |");
  console.log("|---|--:|--:|--:|--:|");
  const shown = (values: readonly number[], digits: number) => {
    const [low, middle, high] = [0.25, 0.5, 0.75].map((q) => quantile(values, q).toFixed(digits));
    return `**${middle}** (${low}–${high})`;
  };
  const [first] = all as readonly [Measured, ...Measured[]];
  for (const { site, rates, memory } of all) {
    const ratios = rates.map((rate, n) => (first.rates[n] as number) / rate);
    const each = (1e6 / quantile(rates, 0.5)).toFixed(0);
    console.log(`| ${site.name} | ${shown(rates, 0)} | ${each} | ${shown(ratios, 2)} | ${Math.round(memory)} |`);
  }
}

const directory = mkdtempSync(join(tmpdir(), "tsjango-bench-page-"));
const sites: Site[] = [];
try {
  const database = makeDatabase(directory);
  for (const one of chosen(SITES, ({ name }) => name)) sites.push(await Site.start(one, database));
  for (const one of chosen(CASES, ({ title }) => title)) await measure(one, sites);
} finally {
  await Promise.all(sites.map((site) => site.stop()));
  rmSync(directory, { recursive: true, force: true });
}
