import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { appliedMigrations } from "../../src/migrations/recorder.ts";
import { use } from "../support/use.ts";
import { describeDatabases } from "./all-databases.ts";
import { actualTables } from "./databases.ts";
import { projectDirectory } from "./project.ts";

/** How many migrate at once, and at how many statements they are killed; more of both in the long form. */
const PROCESSES = Number(process.env["TSJANGO_MIGRATE_PROCESSES"] ?? 3);
const KILLS = Number(process.env["TSJANGO_MIGRATE_KILLS"] ?? 4);

const source = (path: string) => JSON.stringify(pathToFileURL(resolve(import.meta.dirname, "../../src", path)).href);

const file = (number: number, operations: string, more = "") => `
import * as m from "tsjango/db/migrations";
const { fields } = m;
const id = fields.auto({ primaryKey: true });
export default m.migration({
  dependencies: ${number === 1 ? "[]" : `[["blog", "000${number - 1}_step"]]`}, ${more}
  operations: [${operations}],
});
`;

const project = () =>
  projectDirectory({
    "blog/migrations/0001_step.ts": file(
      1,
      `m.createModel("Author", { fields: { id, name: fields.text() } }),
       m.createModel("Book", { fields: { id, title: fields.text(), pages: fields.integer({ null: true }) } }),
       m.runCode({ async forwards(db) {
         for (let row = 0; row < 3; row++) await db.model("blog.Book").objects.create({ title: "book " + row });
         await new Promise((done) => setTimeout(done, 50));
       } }),`,
    ),
    "blog/migrations/0002_step.ts": file(
      2,
      `m.renameField("Book", "title", "name"),
       m.alterField("Book", "name", fields.char({ maxLength: 50 })),
       m.addField("Book", "author", fields.foreignKey("blog.Author", { null: true, onDelete: "setNull" })),
       m.addConstraint("Book", { name: "named", check: { name__gt: "" } }),`,
    ),
    "blog/migrations/0003_step.ts": file(
      3,
      `m.addIndex("Book", { name: "book_name_idx", fields: ["name"] }),
       m.runSql({ forwards: "INSERT INTO blog_author (name) VALUES ('once')" }),
       m.alterField("Book", "pages", fields.integer({ unique: false }), { fill: 7 }),
       m.addField("Book", "tags", fields.manyToMany("blog.Author")),`,
      "atomic: false,",
    ),
  });

const program = `
import { apps, defineApp } from "@tsjango/kernel/apps";
import { configure } from "@tsjango/kernel/conf";
import { connections } from ${source("connections.ts")};
import { migrateAll } from ${source("migrations/index.ts")};
const [directory, url, killAt] = process.argv.slice(-3);
const blog = defineApp({ name: "blog", path: directory + "/blog" });
configure({ baseDir: directory, installedApps: [blog], databases: { default: { url } } } as never);
await apps.load([blog]);
let count = 0;
const next = () => { if (++count === Number(killAt)) process.kill(process.pid, "SIGKILL"); };
const backend = connections.get();
const connect = backend.connect.bind(backend);
backend.connect = async (...given) => {
  const connection = await connect(...given);
  for (const name of ["execute", "commit"]) {
    const run = connection[name].bind(connection);
    connection[name] = async (...args) => { next(); return run(...args); };
  }
  return connection;
};
const done = await migrateAll();
console.log(count + " " + done.map((step) => step.key).join(" "));
await connections.closeAll();
`;

async function migrate(directory: string, url: string, killAt = 0): Promise<{ count: number; applied: string[] }> {
  const words = ["--conditions=@tsjango/source", "--input-type=module-typescript", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, [...words, directory, url, String(killAt)], {
    cwd: import.meta.dirname,
  });
  const [count, ...applied] = stdout.trim().split(/ +/);
  return { count: Number(count), applied };
}

const KEYS = ["blog.0001_step", "blog.0002_step", "blog.0003_step"];

describeDatabases("several processes", ({ open }) => {
  test("that migrate one database at once apply each migration once, and all succeed", {
    timeout: 120_000,
  }, async () => {
    const { path } = use(project());
    const { url, backend } = use(await open());
    const runs = await Promise.all(Array.from({ length: PROCESSES }, () => migrate(path, url)));
    const applied = runs.flatMap((run) => run.applied).sort();
    // Of one that is not atomic, several can have done parts.
    expect([...new Set(applied)]).toEqual(KEYS);
    expect(applied.filter((key) => key !== KEYS[2])).toEqual(KEYS.slice(0, 2));
    expect((await appliedMigrations(backend)).map(({ app, name }) => `${app}.${name}`)).toEqual(KEYS);
    const { rows } = await backend.execute(
      "SELECT (SELECT count(*) FROM blog_book), (SELECT count(*) FROM blog_author)",
    );
    expect(rows.map((row) => row.map(Number))).toEqual([[3, 1]]);
  });

  test("killed at any statement, and run again, end as one that was not", { timeout: 600_000 }, async () => {
    const { path } = use(project());
    const whole = use(await open());
    const { count } = await migrate(path, whole.url);
    const expected = await actualTables(whole.backend);
    const step = Math.max(1, Math.floor(count / KILLS));
    for (let at = 2; at <= count; at += step) {
      const { url, backend } = use(await open());
      await expect(migrate(path, url, at)).rejects.toMatchObject({ signal: "SIGKILL" });
      await migrate(path, url);
      expect({ at, tables: await actualTables(backend) }).toEqual({ at, tables: expected });
      const { rows } = await backend.execute("SELECT name, pages FROM blog_book ORDER BY id");
      expect(rows.map(([name, pages]) => [name, Number(pages)])).toEqual([
        ["book 0", 7],
        ["book 1", 7],
        ["book 2", 7],
      ]);
      expect((await backend.execute("SELECT name FROM blog_author")).rows).toEqual([["once"]]);
    }
  });
});
