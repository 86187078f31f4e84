import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres } from "../../packages/orm/tests/support/postgres.ts";
import { eventually } from "../helpers/http.ts";
import { Project } from "../helpers/project.ts";

let postgres: Awaited<ReturnType<typeof startPostgres>>;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

test("a project moves to PostgreSQL by its DATABASE_URL alone", async () => {
  using project = await Project.example();
  const env = { DATABASE_URL: postgres.url };
  expect(await project.tsjango(["migrate"], env)).toContain("books.0001_initial");
  expect(await project.tsjango(["loadbooks"], env)).toContain("there are 5.");
  expect(await project.tsjango(["makemigrations", "--check"], env)).toContain("No changes");
  expect(await project.tsjango(["test"], env)).toMatch(/Tests\s+\d+ passed/);
  {
    await using site = await project.runserver(env);
    expect(await eventually(`${site.url}/?q=EMMA`, (text) => text.includes("Emma"))).not.toContain("Middlemarch");
    expect(await (await fetch(`${site.url}/api/books/`)).json()).toMatchObject({
      books: [{ title: "Emma", price: "9.50", author: "Jane Austen" }, {}, {}, {}, { title: "こころ" }],
    });
  }
  // SQLite has seen nothing of it.
  expect(await project.tsjango(["showmigrations"])).toContain("[ ] 0001_initial");
});
