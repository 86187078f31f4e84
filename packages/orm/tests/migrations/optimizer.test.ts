import { expect, test } from "vitest";
import {
  addConstraint,
  addField,
  addIndex,
  alterField,
  alterModelTable,
  createModel,
  deleteModel,
  fields,
  removeConstraint,
  removeField,
  removeIndex,
  renameField,
  renameIndex,
  renameModel,
  runCode,
  runSql,
} from "../../src/migrations/index.ts";
import type { Operation } from "../../src/migrations/operations/operation.ts";
import { optimize } from "../../src/migrations/optimizer.ts";
import { ProjectState } from "../../src/migrations/state.ts";

const id = fields.auto({ primaryKey: true });
const book = createModel("Book", { fields: { id, title: fields.text() } });
const author = createModel("Author", { fields: { id } });
const toAuthor = fields.foreignKey("blog.Author", { onDelete: "cascade" });
const known = book.changeState("blog", author.changeState("blog", new ProjectState()));

/** What is left, in words. */
function left(before: ProjectState, ...operations: Operation[]): string[] {
  return optimize(operations, "blog", before).map((each) => each.description);
}

test("what is made and changed is made as it is in the end", () => {
  const operations = [
    book,
    addField("Book", "pages", fields.integer(), { fill: 0 }),
    alterField("Book", "title", fields.char({ maxLength: 9 })),
    renameField("Book", "title", "name"),
    addIndex("Book", { name: "i", fields: ["name"] }),
    renameIndex("Book", "i", "j"),
    addConstraint("Book", { name: "c", check: { pages__gte: 0 } }),
    alterModelTable("Book", "books"),
    renameModel("Book", "Novel"),
  ];
  const [made, ...more] = optimize(operations, "blog", new ProjectState());
  expect(more).toEqual([]);
  expect(made?.call).toEqual([
    "createModel",
    "Novel",
    {
      dbTable: "books",
      fields: { id, name: fields.char({ maxLength: 9 }), pages: fields.integer() },
      indexes: [{ name: "j", fields: ["name"] }],
      constraints: [{ name: "c", check: { pages__gte: 0 } }],
    },
  ]);
});

test("what comes and goes is left out", () => {
  expect(left(new ProjectState(), book, author, deleteModel("Book"))).toEqual(["Create model Author"]);
  expect(left(known, addField("Book", "a", id), removeField("Book", "a"))).toEqual([]);
  expect(left(known, addIndex("Book", { name: "i", fields: ["title"] }), removeIndex("Book", "i"))).toEqual([]);
  const unique = { name: "c", unique: ["title"] };
  expect(left(known, addConstraint("Book", unique), removeConstraint("Book", "c"))).toEqual([]);
  expect(left(known, renameField("Book", "title", "name"), renameField("Book", "name", "title"))).toEqual([]);
  expect(left(known, renameModel("Book", "A"), renameModel("A", "Novel"))).toEqual(["Rename model Book to Novel"]);
});

test("changes of one field become one, with the value for existing rows", () => {
  const steps = [
    addField("Book", "pages", fields.integer(), { fill: 7 }),
    alterField("Book", "title", fields.char({ maxLength: 5 })),
    alterField("Book", "pages", fields.bigInteger()),
    renameField("Book", "pages", "length"),
    alterField("Book", "title", fields.char({ maxLength: 6 })),
  ];
  expect(optimize(steps, "blog", known).map((each) => each.call)).toEqual([
    ["addField", "Book", "length", fields.bigInteger(), { fill: 7 }],
    ["alterField", "Book", "title", fields.char({ maxLength: 6 })],
  ]);
});

test("a relation is folded in only behind the model that it refers to", () => {
  expect(left(new ProjectState(), book, author, addField("Book", "author", toAuthor))).toEqual([
    "Create model Author",
    "Create model Book",
  ]);
  // Each refers to the other: the field has to come by itself.
  const other = createModel("Author", {
    fields: { id, book: fields.foreignKey("blog.Book", { onDelete: "cascade", null: true }) },
  });
  expect(left(new ProjectState(), book, other, addField("Book", "author", toAuthor))).toEqual([
    "Create model Book",
    "Create model Author",
    "Add field author to Book",
  ]);
});

test("code and SQL stand in the way, unless they say that they may be left out", () => {
  const added = addField("Book", "a", fields.text({ null: true }));
  const removed = removeField("Book", "a");
  const sql = { forwards: "SELECT 1" };
  expect(left(known, added, runSql(sql), removed)).toHaveLength(3);
  expect(left(known, added, runCode({ forwards: async () => {} }), removed)).toHaveLength(3);
  expect(left(known, added, runSql({ ...sql, elidable: true }), removed)).toEqual([]);
});
