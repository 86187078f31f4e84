import { expect, test } from "vitest";
import { statementsOf } from "../../../src/migrations/executor.ts";
import { addField, alterField, createModel, fields, migration, removeField } from "../../../src/migrations/index.ts";
import type { Operation } from "../../../src/migrations/operations/operation.ts";
import { History, sqliteDatabase } from "../../migrations/databases.ts";
import { use } from "../../support/use.ts";

const id = fields.auto({ primaryKey: true });
const book = createModel("Book", { fields: { id, title: fields.char({ maxLength: 100 }), pages: fields.integer() } });

async function statements(history: History, ...operations: Operation[]): Promise<string[]> {
  const next = { ...migration({ operations }), app: "blog", name: "next" };
  return statementsOf({ migration: next, direction: "forwards" }, history.state, { backend: history.backend });
}

const changes = [
  alterField("Book", "title", fields.text()),
  addField("Book", "isbn", fields.char({ maxLength: 13 }), { fill: "?" }),
  removeField("Book", "pages"),
  addField("Book", "pages", fields.text({ default: "none" })),
  alterField("Book", "isbn", fields.char({ maxLength: 13, null: true })),
];

test("the changes of one table in one migration are one remake", async () => {
  const database = use(sqliteDatabase());
  const history = new History(database.backend);
  await history.apply(book);
  await database.backend.execute("INSERT INTO blog_book (title, pages) VALUES ('Emma', 400)");
  const made = (await statements(history, ...changes)).filter((each) => each.startsWith("CREATE TABLE"));
  expect(made).toHaveLength(1);
  await history.apply(...changes);
  // A field that was removed and added again is another one.
  expect(await history.rows("SELECT title, isbn, pages FROM blog_book")).toEqual([
    { title: "Emma", isbn: "?", pages: "none" },
  ]);
});

test("triggers and views go through a remake", async () => {
  const database = use(sqliteDatabase());
  const history = new History(database.backend);
  await history.apply(book, createModel("Log", { fields: { id, text: fields.text() } }));
  const { backend } = database;
  await backend.execute("CREATE VIEW titles AS SELECT title FROM blog_book");
  await backend.execute(
    "CREATE TRIGGER on_book AFTER INSERT ON blog_book BEGIN INSERT INTO blog_log (text) VALUES (new.title); END",
  );
  await backend.execute("CREATE TRIGGER on_log AFTER DELETE ON blog_log BEGIN UPDATE blog_book SET pages = 0; END");
  await history.apply(
    alterField("Book", "title", fields.text()),
    alterField("Log", "text", fields.char({ maxLength: 9 })),
  );
  await backend.execute("INSERT INTO blog_book (title, pages) VALUES ('Emma', 400)");
  expect(await history.rows("SELECT text FROM blog_log")).toEqual([{ text: "Emma" }]);
  await backend.execute("DELETE FROM blog_log");
  expect(await history.rows("SELECT pages FROM blog_book")).toEqual([{ pages: 0 }]);
  expect(await history.rows("SELECT title FROM titles")).toEqual([{ title: "Emma" }]);
});
