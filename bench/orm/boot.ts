import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { defineApp, setup, tearDown } from "@tsjango/kernel/apps";
import { type Settings, settingsDefiner } from "@tsjango/kernel/conf";
import orm from "@tsjango/orm/app";

/** A process that prepares the models of a directory and tells how long that took: `node orm/boot.ts DIRECTORY`. */
const directory = process.argv[2] as string;

async function models(): Promise<Record<string, unknown>> {
  const files = readdirSync(directory).filter((name) => /^m\d+\.ts$/.test(name));
  const modules = await Promise.all(files.map((name) => import(pathToFileURL(join(directory, name)).href)));
  return Object.assign({}, ...modules);
}

const before = performance.now();
const loaded = await models();
const imported = performance.now();
const settings = settingsDefiner([orm])({
  baseDir: pathToFileURL(`${directory}/`),
  secretKey: "bench",
  installedApps: [defineApp({ name: "bench", models: async () => loaded })],
  databases: { default: { url: "sqlite::memory:" } },
});
await setup(settings as Settings);
const ready = performance.now();
process.stdout.write(
  JSON.stringify({
    imported: imported - before,
    prepared: ready - imported,
    rss: process.memoryUsage.rss() / 2 ** 20,
  }),
);
await tearDown();
