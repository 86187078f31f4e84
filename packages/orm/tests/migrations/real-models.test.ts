import { readFileSync } from "node:fs";
import { join } from "node:path";
import { apps, defineApp, setup } from "@tsjango/kernel/apps";
import { settingsDefiner } from "@tsjango/kernel/conf";
import { expect, test } from "vitest";
import orm from "../../src/app.ts";
import { connections } from "../../src/connections.ts";
import { migrateAll } from "../../src/migrations/index.ts";
import { makeMigrations, migrationsDirectory } from "../../src/migrations/make-migrations.ts";
import { migrate } from "../../src/migrations/migrate.ts";
import { currentModels } from "../../src/migrations/models-state.ts";
import { writeMigration } from "../../src/migrations/writer.ts";
import * as models from "../support/models.ts";
import { use } from "../support/use.ts";
import { describeDatabases } from "./all-databases.ts";
import { actualTables, expectedTables } from "./databases.ts";
import { projectDirectory } from "./project.ts";

describeDatabases("models", ({ open }) => {
  test("become migrations, files and tables, and nothing again", async () => {
    const project = use(projectDirectory());
    const database = use(await open());
    const library = defineApp({
      name: "library",
      path: join(project.path, "library"),
      models: async (): Promise<object> => models,
    });
    const settings = settingsDefiner([orm])({
      baseDir: project.path,
      secretKey: "for tests",
      installedApps: [library],
      databases: { default: { url: database.url } },
    });
    await setup(settings);
    try {
      const { migrations, findings } = await makeMigrations();
      expect(findings).toEqual([]);
      expect(migrations.map(({ name, initial }) => [name, initial])).toEqual([["0001_initial", true]]);
      const file = writeMigration(migrationsDirectory(library), migrations[0]!);
      const text = readFileSync(file, "utf8");
      expect(text).toContain("sold: fields.bigInteger({ default: 0n }),");
      expect(text).toContain('author: fields.foreignKey("library.Author", { onDelete: "cascade" }),');
      expect(text).toContain('constraints: [{ name: "pages_not_negative", check: { pages__gte: 0 } }],');
      // A proxy shares its model's table; choices and functions stay out.
      expect(text).not.toMatch(/OldBook|choices|=>/);

      expect((await migrateAll()).map((step) => step.key)).toEqual(["library.0001_initial"]);
      const { state } = currentModels(apps);
      const backend = connections.get();
      expect(await actualTables(backend)).toEqual(expectedTables(state, backend));
      expect((await makeMigrations()).migrations).toEqual([]);

      const jane = await models.Author.objects.create({ name: "Jane" });
      await models.Book.objects.create({ title: "Emma", author: jane, price: "9.50" });
      expect(await models.Book.objects.filter({ author__name: "Jane" }).count()).toBe(1);
      await expect(models.Book.objects.create({ title: "Bad", author: jane, pages: -1 })).rejects.toThrow(
        /pages_not_negative/,
      );

      await migrate("default", { target: { app: "library", migration: "zero" } });
      expect(await actualTables(backend)).toEqual([]);
    } finally {
      await connections.closeAll();
    }
  });
});
