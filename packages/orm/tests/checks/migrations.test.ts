import type { Settings } from "@tsjango/kernel/conf";
import { expect, test } from "vitest";
import { migrationChecks } from "../../src/checks/migrations.ts";
import makemigrations from "../../src/commands/makemigrations.ts";
import { AutoField } from "../../src/fields/numbers.ts";
import { CharField } from "../../src/fields/text.ts";
import { preparedModel, TestProject } from "../commands/project.ts";
import { use } from "../support/use.ts";

const id = () => new AutoField({ primaryKey: true });

test("names what is dangerous in the last migration of an app, and nothing of earlier ones", async () => {
  const project = use(new TestProject());
  await project.use({ blog: [preparedModel("blog.Author", { id: id(), name: new CharField({ maxLength: 9 }) })] });
  await project.run(makemigrations);
  expect([...(await migrationChecks.run({} as Settings))]).toEqual([]);
  await project.use({ blog: [preparedModel("blog.Author", { id: id() })] });
  await project.run(makemigrations);
  expect([...(await migrationChecks.run({} as Settings))]).toEqual([
    {
      level: "warning",
      id: "migrations.W001",
      subject: "blog.0002_remove_author_name: Remove field name from Author",
      message: "deletes what is stored there, and code that still runs fails on it.",
      hint: "First release the code without it; drop it with a migration of the release after.",
    },
  ]);
});
