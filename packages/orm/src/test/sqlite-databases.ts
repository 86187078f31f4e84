import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { TestRun } from "@tsjango/kernel/apps";
import { withFileLock } from "../backends/sqlite/file-lock.ts";
import type { TestDatabase } from "./databases.ts";
import { migrated } from "./migrated.ts";
import { templateKey } from "./template-key.ts";

/** Templates that stay beside the newest: branches differ in their migrations. */
const KEPT = 5;
const TEMPLATE = /^template-[0-9a-f]+\.sqlite3$/;

/** A copy of the template, in the run's directory. Copying takes about a millisecond, so each file of tests has its own. */
export async function sqliteDatabase(alias: string, workerId: number, run: TestRun): Promise<TestDatabase> {
  const file = join(run.directory, `${encodeURIComponent(alias)}-${workerId}.sqlite3`);
  const template = join(run.cacheDirectory, `template-${templateKey("sqlite")}.sqlite3`);
  const copy = () => {
    for (const suffix of ["-wal", "-shm"]) rmSync(file + suffix, { force: true });
    copyFileSync(template, file);
  };
  mkdirSync(run.cacheDirectory, { recursive: true });
  // Another run drops old templates under the same lock.
  await withFileLock(join(run.cacheDirectory, "lock.sqlite3"), async () => {
    await ensureTemplate(alias, template, run);
    copy();
  });
  return {
    url: `sqlite:${file}`,
    spoil: async () => {},
    restore: async () => copy(),
    release: async () => {
      for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
    },
  };
}

async function ensureTemplate(alias: string, template: string, run: TestRun): Promise<void> {
  const recreated = join(run.directory, "recreated");
  const stands = existsSync(template) && (!run.recreateDatabases || existsSync(recreated));
  if (!stands) {
    const beginning = `${template}.part`;
    for (const suffix of ["", "-wal", "-shm"]) rmSync(beginning + suffix, { force: true });
    await migrated(alias, `sqlite:${beginning}`);
    renameSync(beginning, template);
    if (run.recreateDatabases) writeFileSync(recreated, "");
    dropStale(run.cacheDirectory);
  }
  utimesSync(template, new Date(), new Date());
}

function dropStale(directory: string): void {
  const templates = readdirSync(directory)
    .filter((name) => TEMPLATE.test(name))
    .map((name) => join(directory, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const old of templates.slice(KEPT)) rmSync(old, { force: true });
}
