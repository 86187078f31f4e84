import { existsSync } from "node:fs";
import { join } from "node:path";
import { defineApp, setup, tearDown } from "@tsjango/kernel/apps";
import { settingsDefiner } from "@tsjango/kernel/conf";
import { expect, test } from "vitest";
import orm from "../../src/app.ts";
import { connections } from "../../src/index.ts";
import { makeMigrations, migrationsDirectory } from "../../src/migrations/make-migrations.ts";
import { writeMigration } from "../../src/migrations/writer.ts";
import { projectDirectory } from "../migrations/project.ts";
import * as models from "../support/models.ts";
import { postgresUrl } from "../support/postgres-broker.ts";
import { describeDatabases } from "../support/project.ts";
import { use } from "../support/use.ts";

const { Author, Book } = models;

describeDatabases("test hooks", (vendor) => {
  test("a worker has a migrated database of its own, which is gone when it ends", async () => {
    const project = use(projectDirectory());
    const shop = defineApp({ name: "shop", path: join(project.path, "shop"), models: async () => models });
    const url = vendor === "sqlite" ? "sqlite:db.sqlite3" : await postgresUrl();
    const settings = settingsDefiner([orm])({
      baseDir: project.path,
      secretKey: "x",
      installedApps: [shop],
      databases: { default: { url } },
    });
    await setup(settings as never);
    try {
      for (const migration of (await makeMigrations()).migrations) writeMigration(migrationsDirectory(shop), migration);
      const hooks = await orm.testHooks?.();
      const own = connections.get().displayName;
      const tearDownWorker = await hooks?.setUpWorker?.(7);
      const name = connections.get().displayName;
      expect(name).not.toBe(own);
      if (vendor === "postgres") expect(name).toMatch(/\/test_postgres_7$/);
      const author = await Author.objects.create({ name: "A" });
      await Book.objects.create({ title: "T", author });
      expect(await Book.objects.selectRelated("author").get({ author__name: "A" })).toMatchObject({ title: "T" });
      await tearDownWorker?.();
      expect(connections.get().displayName).toBe(own);
      if (vendor === "sqlite") expect(existsSync(name.slice("sqlite:".length))).toBe(false);
      else await expect(connections.get().execute("select 1 from shop_book")).rejects.toThrow("does not exist");
      expect(existsSync(join(project.path, "db.sqlite3"))).toBe(false);
    } finally {
      await tearDown();
    }
  });
});
