import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configure, settings } from "@tsjango/kernel/conf";
import { expect, test } from "vitest";
import makemigrations from "../../src/commands/makemigrations.ts";
import migrate from "../../src/commands/migrate.ts";
import { connections } from "../../src/connections.ts";
import { AutoField } from "../../src/fields/numbers.ts";
import { CharField } from "../../src/fields/text.ts";
import { pendingMigrations } from "../../src/migrations/index.ts";
import { introspections } from "../../src/migrations/vendors.ts";
import type { DatabaseRouter } from "../../src/routers.ts";
import { preparedModel, TestProject } from "../commands/project.ts";
import { use } from "../support/use.ts";

const model = (label: string) =>
  preparedModel(label, { id: new AutoField({ primaryKey: true }), name: new CharField({ maxLength: 20 }) });

/** What Django's pages show: one app in a database of its own, the others not in it. */
const router: DatabaseRouter = {
  allowMigrate(alias, app, hints) {
    if (app === "logs") return alias === "archive";
    // Of a statement that is written by hand no model is known.
    return hints.model === "Draft" ? undefined : alias === "default";
  },
};

/** The tables of a database that are not tsjango's own. */
async function tablesOf(alias: string): Promise<string[]> {
  const names = await introspections.sqlite.tableNames(connections.get(alias));
  return names.filter((name) => /^(blog|logs|made)_/.test(name));
}

test("allowMigrate says which tables a database has; migrations are recorded in each", async () => {
  const project = use(new TestProject());
  await project.use({ blog: [model("blog.Book"), model("blog.Draft")], logs: [model("logs.Line")] });
  const databases = { ...settings.databases, archive: { url: "sqlite:archive.sqlite3" } };
  configure({ ...settings, databases, databaseRouters: [{}, router] } as never);
  await project.run(makemigrations);
  for (const app of ["blog", "logs"]) {
    writeFileSync(
      join(project.path, app, "migrations/0002_more.ts"),
      `import { migration, runSql } from "tsjango/db/migrations";
      export default migration({ dependencies: [["${app}", "0001_initial"]], operations: [runSql({ forwards: "CREATE TABLE made_${app} (id integer)", backwards: "DROP TABLE made_${app}" })] });`,
    );
  }
  expect(readdirSync(join(project.path, "logs/migrations")).sort()).toEqual(["0001_initial.ts", "0002_more.ts"]);
  expect((await project.run(migrate)).code).toBe(0);
  expect(await tablesOf("default")).toEqual(["blog_book", "blog_draft", "made_blog"]);
  expect((await project.run(migrate, [], { database: "archive" })).code).toBe(0);
  expect(await tablesOf("archive")).toEqual(["blog_draft", "logs_line", "made_logs"]);
  for (const alias of ["default", "archive"]) expect(await pendingMigrations(alias)).toEqual([]);
  // Back to nothing: what was not made is not taken away, either.
  expect((await project.run(migrate, ["blog", "zero"], { database: "archive" })).code).toBe(0);
  expect(await tablesOf("archive")).toEqual(["logs_line", "made_logs"]);
});
