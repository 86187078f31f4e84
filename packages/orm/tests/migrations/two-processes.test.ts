import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/connections.ts";
import { appliedMigrations } from "../../src/migrations/recorder.ts";
import { use } from "../support/use.ts";
import { actualTables } from "./databases.ts";
import { projectDirectory } from "./project.ts";

const source = (path: string) => JSON.stringify(pathToFileURL(resolve(import.meta.dirname, "../../src", path)).href);

const migration = (number: number) => `import { createModel, fields, migration, runCode } from "tsjango/db/migrations";
export default migration({
  dependencies: ${number === 1 ? "[]" : `[["blog", "000${number - 1}_step"]]`},
  operations: [
    createModel("M${number}", { fields: { id: fields.auto({ primaryKey: true }) } }),
    runCode({ forwards: () => new Promise((done) => setTimeout(done, 150)) }),
  ],
});
`;

const program = `
import { apps, defineApp } from "@tsjango/kernel/apps";
import { configure } from "@tsjango/kernel/conf";
import { connections } from ${source("connections.ts")};
import { migrateAll } from ${source("migrations/index.ts")};
const blog = defineApp({ name: "blog", path: process.argv.at(-1) + "/blog" });
configure({ baseDir: process.argv.at(-1), installedApps: [blog], databases: { default: { url: "sqlite:db.sqlite3" } } } as never);
await apps.load([blog]);
console.log((await migrateAll()).map((step) => step.key).join(" "));
await connections.closeAll();
`;

test("two processes that migrate one database at once apply each migration once, and both succeed", async () => {
  const project = use(
    projectDirectory({
      "blog/migrations/0001_step.ts": migration(1),
      "blog/migrations/0002_step.ts": migration(2),
      "blog/migrations/0003_step.ts": migration(3),
    }),
  );
  const run = promisify(execFile);
  const arguments_ = ["--conditions=@tsjango/source", "--input-type=module-typescript", "--eval", program];
  const migrate = async () =>
    (await run(process.execPath, [...arguments_, project.path], { cwd: import.meta.dirname })).stdout.trim();
  const applied = await Promise.all([migrate(), migrate()]);
  const keys = ["blog.0001_step", "blog.0002_step", "blog.0003_step"];
  expect(applied.join(" ").trim().split(/ +/).sort()).toEqual(keys);

  const backend = openDatabase("default", { url: `sqlite:${join(project.path, "db.sqlite3")}` });
  try {
    expect((await appliedMigrations(backend)).map(({ app, name }) => `${app}.${name}`)).toEqual(keys);
    expect(await actualTables(backend)).toHaveLength(3);
  } finally {
    await backend.close();
  }
});
