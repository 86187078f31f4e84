import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { defineApp, setup, tearDown } from "@tsjango/kernel/apps";
import { type Settings, settingsDefiner } from "@tsjango/kernel/conf";
import orm from "@tsjango/orm/app";
import { startPostgres } from "../../packages/orm/tests/support/postgres.ts";
import { quantile } from "../harness.ts";
import { checkProject } from "../types/check.ts";
import { writeProject } from "../types/project.ts";
import { makeDatabase, type Opened, SERVER, type Vendor } from "./database.ts";
import { Book } from "./models.ts";

/**
 * What grows with rows, concurrent tasks and models: `node orm/growth.ts [rows] [concurrency] [models] [sqlite|postgres]`.
 * Each number of rows has a database of its own; `--most=1000000` sets the greatest.
 */
const words = process.argv.slice(2);
const most = Number(words.find((word) => word.startsWith("--most="))?.slice(7) ?? 1_000_000);
const asked = (name: string, others: readonly string[]) =>
  words.includes(name) || !others.some((other) => words.includes(other));
const TASKS = ["rows", "concurrency", "models"];
const VENDORS = ["sqlite", "postgres"] as const;

/** How long each task runs, in ms. */
const WARM_UP = 600;
const MEASURED = 1000;

async function open(vendor: Vendor, books: number): Promise<Opened> {
  const database = await makeDatabase(vendor, books);
  const settings = settingsDefiner([orm])({
    baseDir: new URL(".", import.meta.url),
    secretKey: "bench",
    installedApps: [defineApp({ name: "bench", models: () => import("./models.ts") })],
    databases: { default: { url: vendor === "sqlite" ? `sqlite:${database.at}` : database.at } },
  });
  await setup(settings as Settings);
  return {
    at: database.at,
    async remove() {
      await tearDown();
      await database.remove();
    },
  };
}

/** The times of one task in ms, run by so many loops at once. */
async function timed(task: (n: number) => Promise<unknown>, loops = 1): Promise<number[]> {
  const times: number[] = [];
  const start = performance.now();
  let n = 0;
  const loop = async () => {
    for (let before = start; before - start < WARM_UP + MEASURED; ) {
      before = performance.now();
      // A request comes by way of the event loop, and waits there behind others.
      if (loops > 1) await new Promise(setImmediate);
      await task(n++);
      if (before - start > WARM_UP) times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: loops }, loop));
  return times;
}

/** Keys in an order that is neither that of the file nor chance. */
const keyOf = (n: number, books: number) => ((n * 7919) % books) + 1;

async function rows(vendor: Vendor): Promise<void> {
  console.log(`\n## Rows, ${vendor}: µs, the median\n`);
  console.log("| rows | get by key | page of 20 behind a key | 20 by foreign key | update by key | count of all |");
  console.log("|--:|--:|--:|--:|--:|--:|");
  for (let books = 1; books <= most; books *= books === 1 ? 1000 : 10) {
    const database = await open(vendor, books);
    const authors = Math.ceil(books / 20);
    const tasks: ((n: number) => Promise<unknown>)[] = [
      (n) => Book.objects.get({ id: keyOf(n, books) }),
      async (n) =>
        Book.objects
          .filter({ id__gte: keyOf(n, books) })
          .orderBy("id")
          .slice(0, 20),
      async (n) => Book.objects.filter({ author: keyOf(n, authors) }),
      (n) => Book.objects.filter({ id: keyOf(n, books) }).update({ pages: n % 500 }),
      () => Book.objects.count(),
    ];
    const found: string[] = [];
    for (const task of tasks) found.push((quantile(await timed(task), 0.5) * 1000).toFixed(1));
    console.log(`| ${books.toLocaleString("en")} | ${found.join(" | ")} |`);
    await database.remove();
  }
}

async function concurrency(vendor: Vendor): Promise<void> {
  console.log(`\n## Concurrent tasks, ${vendor}: nine reads of a row, then an update of one, 1,000 rows\n`);
  console.log("| tasks at once | statements a second | p50 ms | p99 ms |");
  console.log("|--:|--:|--:|--:|");
  const database = await open(vendor, 1000);
  for (const loops of [1, 10, 100, 1000]) {
    const times = await timed(
      (n) =>
        n % 10 === 9
          ? Book.objects.filter({ id: keyOf(n, 1000) }).update({ pages: n % 500 })
          : Book.objects.get({ id: keyOf(n, 1000) }),
      loops,
    );
    const each = (q: number) => quantile(times, q).toFixed(3);
    console.log(`| ${loops} | ${Math.round((times.length / MEASURED) * 1000)} | ${each(0.5)} | ${each(0.99)} |`);
  }
  await database.remove();
}

/** Models of 14 fields and relations in a ring, each in a file, with as many functions that query them. */
function models(): void {
  console.log("\n## Models, of 14 fields and relations each\n");
  console.log("| models | files imported, ms | models prepared, ms | memory, MB | types checked | instantiations |");
  console.log("|--:|--:|--:|--:|--:|--:|");
  const directory = join(resolve(import.meta.dirname, "../.."), ".cache/bench-models");
  for (const count of [10, 100, 500]) {
    writeProject(directory, { models: count, queries: count });
    const started = Array.from({ length: 3 }, () => {
      const args = ["--conditions=@tsjango/source", join(import.meta.dirname, "boot.ts"), directory];
      return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Record<string, number>;
    });
    const median = (name: string) =>
      quantile(
        started.map((each) => each[name] as number),
        0.5,
      ).toFixed(0);
    const { time, instantiations } = checkProject(directory);
    const boot = [median("imported"), median("prepared"), median("rss")];
    console.log(`| ${[count, ...boot, time, instantiations.toLocaleString("en")].join(" | ")} |`);
  }
}

if (asked("models", TASKS)) models();
for (const vendor of VENDORS) {
  if (!(asked("rows", TASKS) || asked("concurrency", TASKS))) break;
  if (!asked(vendor, VENDORS)) continue;
  const server = vendor === "postgres" ? await startPostgres() : undefined;
  if (server !== undefined) process.env[SERVER] = server.url;
  try {
    if (asked("rows", TASKS)) await rows(vendor);
    if (asked("concurrency", TASKS)) await concurrency(vendor);
  } finally {
    await server?.stop();
  }
}
