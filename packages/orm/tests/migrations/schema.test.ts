import { expect, test } from "vitest";
import { BadMigrationError, IrreversibleError, MigrationFailed } from "../../src/exceptions.ts";
import { runStep, statementsOf } from "../../src/migrations/executor.ts";
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
import { migration } from "../../src/migrations/migration.ts";
import { appliedMigrations } from "../../src/migrations/recorder.ts";
import { ProjectState } from "../../src/migrations/state.ts";
import { use } from "../support/use.ts";
import { describeDatabases } from "./all-databases.ts";
import { actualTables, expectedTables, History } from "./databases.ts";

const id = fields.auto({ primaryKey: true });
const author = createModel("Author", { fields: { id, name: fields.char({ maxLength: 100 }) } });
const book = createModel("Book", {
  fields: {
    id,
    title: fields.char({ maxLength: 200 }),
    author: fields.foreignKey("blog.Author", { onDelete: "cascade" }),
    pages: fields.positiveInteger({ null: true }),
    price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, default: "0" }),
    published: fields.dateTime({ null: true }),
    slug: fields.slug({ unique: true, null: true }),
    draft: fields.boolean({ default: false }),
  },
  indexes: [{ name: "book_author_published_idx", fields: ["author", "-published"] }],
  constraints: [
    { name: "price_not_negative", check: { price__gte: "0" } },
    { name: "title_once", unique: ["title", "author"], where: { draft: false } },
  ],
});

async function withRows(history: History): Promise<void> {
  await history.apply(author, book);
  const draft = history.backend.vendor === "sqlite" ? "0" : "false";
  const price = history.backend.vendor === "sqlite" ? "950" : "9.50";
  await history.backend.execute("INSERT INTO blog_author (name) VALUES ('Jane'), ('Mary')");
  await history.backend.execute(
    `INSERT INTO blog_book (title, author_id, pages, price, slug, draft) VALUES
       ('Emma', 1, 400, ${price}, 'emma', ${draft}), ('Persuasion', 1, NULL, ${price}, NULL, ${draft})`,
  );
}

async function expectSame(history: History): Promise<void> {
  expect(await actualTables(history.backend)).toEqual(expectedTables(history.state, history.backend));
}

describeDatabases("migrations", ({ open }) => {
  test("make tables that are as the models say", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await history.apply(author, book);
    await expectSame(history);
    expect((await appliedMigrations(database.backend)).map(({ app, name }) => `${app}.${name}`)).toEqual(["blog.0001"]);
    expect((await appliedMigrations(database.backend))[0]?.applied).toBeInstanceOf(Date);
  });

  test("leave tables alone that are not managed", async () => {
    const history = new History(use(await open()).backend);
    await history.backend.execute("CREATE TABLE blog_old (id integer PRIMARY KEY, name varchar(20))");
    await history.backend.execute("INSERT INTO blog_old (id, name) VALUES (1, 'kept')");
    const model = { id, name: fields.char({ maxLength: 20 }) };
    await history.apply(
      createModel("Old", { managed: false, fields: model, indexes: [{ name: "old_name_idx", fields: ["name"] }] }),
      addField("Old", "pages", fields.integer({ default: 0 })),
      removeField("Old", "pages"),
      alterModelTable("Old", "other_old"),
      deleteModel("Old"),
    );
    const { rows } = await history.backend.execute("SELECT * FROM blog_old");
    expect(rows.map((row) => [...row].map(String))).toEqual([["1", "kept"]]);
  });

  test("are all taken back to nothing", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await withRows(history);
    await history.apply(addField("Book", "isbn", fields.char({ maxLength: 13 }), { fill: "?" }));
    await history.apply(removeIndex("Book", "book_author_published_idx"), removeField("Book", "published"));
    await history.undo();
    await expectSame(history);
    await history.undo();
    await history.undo();
    expect(await actualTables(database.backend)).toEqual([]);
    expect(await appliedMigrations(database.backend)).toEqual([]);
  });

  test("keep rows, indexes and checks when a field is added", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await withRows(history);
    await history.apply(addField("Book", "subtitle", fields.char({ maxLength: 50, null: true })));
    await history.apply(addField("Book", "stock", fields.integer(), { fill: 3 }));
    await history.apply(addField("Book", "language", fields.char({ maxLength: 2, default: "en" })));
    await history.apply(addField("Book", "created", fields.dateTime({ autoNowAdd: true })));
    await history.apply(
      addField("Book", "editor", fields.foreignKey("blog.Author", { null: true, onDelete: "setNull" })),
    );
    await expectSame(history);
    expect(
      await history.rows("SELECT title, author_id, pages, stock, language, subtitle FROM blog_book ORDER BY 1"),
    ).toEqual([
      { title: "Emma", author_id: expect.anything(), pages: 400, stock: 3, language: "en", subtitle: null },
      { title: "Persuasion", author_id: expect.anything(), pages: null, stock: 3, language: "en", subtitle: null },
    ]);
    const [first] = await history.rows("SELECT created FROM blog_book");
    expect(Date.parse(`${String(first?.["created"]).replace(" ", "T").slice(0, 19)}Z`)).toBeGreaterThan(
      Date.now() - 60_000,
    );
  });

  test("keep rows when a field is altered or removed, and fill nulls that may not be any more", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await withRows(history);
    await history.apply(alterField("Book", "pages", fields.positiveInteger(), { fill: 1 }));
    await history.apply(alterField("Book", "title", fields.text()));
    await history.apply(removeField("Book", "slug"));
    await expectSame(history);
    expect(await history.rows("SELECT title, pages FROM blog_book ORDER BY id")).toEqual([
      { title: "Emma", pages: 400 },
      { title: "Persuasion", pages: 1 },
    ]);
    await history.undo();
    await history.undo();
    await history.undo();
    await expectSame(history);
    expect(await history.rows("SELECT title FROM blog_book ORDER BY id")).toEqual([
      { title: "Emma" },
      { title: "Persuasion" },
    ]);
  });

  test("keep a decimal's value when its places change", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await history.apply(
      createModel("Item", { fields: { id, price: fields.decimal({ maxDigits: 8, decimalPlaces: 2 }) } }),
    );
    const stored = (text: string, digits: number) =>
      database.backend.vendor === "sqlite" ? Math.round(Number(text) * 10 ** digits) : text;
    await database.backend.execute(`INSERT INTO blog_item (price) VALUES (${stored("9.50", 2)})`);
    await history.apply(alterField("Item", "price", fields.decimal({ maxDigits: 9, decimalPlaces: 3 })));
    expect(await history.rows("SELECT price FROM blog_item")).toEqual([{ price: stored("9.500", 3) }]);
    await history.undo();
    expect(await history.rows("SELECT price FROM blog_item")).toEqual([{ price: stored("9.50", 2) }]);
  });

  test("add and remove indexes and constraints", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await withRows(history);
    await history.apply(
      addIndex("Book", { name: "book_pages_idx", fields: ["-pages"], where: { pages__isnull: false } }),
      addConstraint("Book", { name: "title_not_empty", check: { $not: { title: "" } } }),
      addConstraint("Book", {
        name: "one_of",
        check: { $or: [{ pages__gt: 10 }, { pages: null }, { title__in: ["x", "it's"] }] },
      }),
      removeConstraint("Book", "title_once"),
      removeIndex("Book", "book_author_published_idx"),
    );
    await expectSame(history);
    await expect(
      database.backend.execute(
        "INSERT INTO blog_book (title, author_id, pages, price, draft) SELECT '', 1, 20, price, draft FROM blog_book",
      ),
    ).rejects.toThrow(/title_not_empty/);
    await history.undo();
    await expectSame(history);
  });

  test("check foreign keys when a transaction ends, before and after a table was remade", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await withRows(history);
    await history.apply(alterField("Author", "name", fields.text()));
    await history.apply(alterField("Book", "title", fields.text()));
    const orphan =
      "INSERT INTO blog_book (title, author_id, price, draft) SELECT 'x', 99, price, draft FROM blog_book LIMIT 1";
    await expect(database.backend.execute(orphan)).rejects.toThrow(/foreign key/i);
    expect(await history.rows("SELECT count(*) AS n FROM blog_book")).toEqual([{ n: expect.anything() }]);
    expect(Number((await history.rows("SELECT count(*) AS n FROM blog_book"))[0]?.["n"])).toBe(2);
  });

  test("do not give a row's number again after its table was remade", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await history.apply(author);
    await database.backend.execute("INSERT INTO blog_author (name) VALUES ('a'), ('b')");
    await database.backend.execute("DELETE FROM blog_author");
    await history.apply(alterField("Author", "name", fields.text()));
    await database.backend.execute("INSERT INTO blog_author (name) VALUES ('c')");
    expect((await history.rows("SELECT id FROM blog_author")).map((row) => Number(row["id"]))).toEqual([3]);
  });

  test("turn a text into a foreign key's column and back", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await history.apply(author, createModel("Note", { fields: { id, author: fields.bigInteger({ null: true }) } }));
    await database.backend.execute("INSERT INTO blog_author (name) VALUES ('a')");
    await database.backend.execute("INSERT INTO blog_note (author) VALUES (1)");
    await history.apply(
      alterField("Note", "author", fields.foreignKey("blog.Author", { null: true, onDelete: "setNull" })),
    );
    await expectSame(history);
    expect((await history.rows("SELECT author_id FROM blog_note")).map((row) => Number(row["author_id"]))).toEqual([1]);
    await history.undo();
    await expectSame(history);
  });

  test("alter a key, and the columns that refer to it follow", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    const own = { id: fields.integer({ primaryKey: true }) };
    const reference = fields.foreignKey("blog.Place", { onDelete: "cascade" });
    await history.apply(
      createModel("Place", { fields: own }),
      createModel("Visit", { fields: { id, place: reference } }),
    );
    await database.backend.execute("INSERT INTO blog_place (id) VALUES (5)");
    await database.backend.execute("INSERT INTO blog_visit (place_id) VALUES (5)");
    await history.apply(alterField("Place", "id", fields.bigInteger({ primaryKey: true })));
    await expectSame(history);
    expect((await history.rows("SELECT place_id FROM blog_visit")).map((row) => Number(row["place_id"]))).toEqual([5]);
    await history.undo();
    await expectSame(history);
  });

  test("rename a table, and those that refer to it follow", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await withRows(history);
    await history.apply(alterModelTable("Author", "writers"));
    await expectSame(history);
    expect(await history.rows("SELECT name FROM writers ORDER BY id")).toEqual([{ name: "Jane" }, { name: "Mary" }]);
    await history.undo();
    await expectSame(history);
  });

  test("rename fields, models and indexes, with everything on them, and back", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await withRows(history);
    await history.apply(
      renameField("Book", "author", "writer"),
      renameField("Book", "pages", "length"),
      renameField("Book", "draft", "isDraft"),
      renameIndex("Book", "book_author_published_idx", "book_writer_published_idx"),
    );
    await expectSame(history);
    await history.apply(renameModel("Author", "Person"), renameModel("Book", "Novel"));
    await expectSame(history);
    await history.apply(renameField("Person", "id", "number"));
    await expectSame(history);
    const joined = "FROM blog_novel JOIN blog_person ON writer_id = number ORDER BY blog_novel.id";
    expect(await history.rows(`SELECT title, length, name ${joined}`)).toEqual([
      { title: "Emma", length: 400, name: "Jane" },
      { title: "Persuasion", length: null, name: "Jane" },
    ]);
    for (let step = 0; step < 3; step++) {
      await history.undo();
      await expectSame(history);
    }
    expect((await history.rows("SELECT title FROM blog_book")).length).toBe(2);
  });

  test("do not mix up two fields that change names", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await history.apply(createModel("Pair", { fields: { id, a: fields.text(), b: fields.text() } }));
    await database.backend.execute("INSERT INTO blog_pair (a, b) VALUES ('was a', 'was b')");
    await history.apply(
      renameField("Pair", "a", "swap"),
      renameField("Pair", "b", "a"),
      alterField("Pair", "a", fields.char({ maxLength: 50 })),
      renameField("Pair", "swap", "b"),
    );
    await expectSame(history);
    expect(await history.rows("SELECT a, b FROM blog_pair")).toEqual([{ a: "was b", b: "was a" }]);
    await expect(history.apply(renameField("Pair", "a", "b"))).rejects.toThrow(
      'renameField("Pair", "a", "b"): Pair has a field b already.',
    );
  });

  test("drop the tables of a ring of models", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await history.apply(
      createModel("A", { fields: { id } }),
      createModel("B", { fields: { id, a: fields.foreignKey("blog.A", { onDelete: "cascade" }) } }),
      addField("A", "b", fields.foreignKey("blog.B", { null: true, onDelete: "cascade" })),
    );
    await expectSame(history);
    await history.apply(removeField("A", "b"), deleteModel("B"), deleteModel("A"));
    expect(await actualTables(database.backend)).toEqual([]);
    await history.undo();
    await expectSame(history);
  });

  test("leave nothing behind when one fails, and say what failed", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await withRows(history);
    const before = await actualTables(database.backend);
    const failing = history.apply(
      addField("Book", "stock", fields.integer({ default: 0 })),
      addConstraint("Book", { name: "same_pages", unique: ["author"] }),
    );
    await expect(failing).rejects.toThrow(MigrationFailed);
    await expect(failing).rejects.toThrow(
      /^blog\.0002 could not be applied: .*Nothing of it is left in the database\..*0002\.ts/s,
    );
    expect(await actualTables(database.backend)).toEqual(before);
    expect(await appliedMigrations(database.backend)).toHaveLength(1);
  });

  test("refuse a migration that leaves references to rows that do not exist", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await withRows(history);
    await expect(history.apply(runSql({ forwards: "DELETE FROM blog_author WHERE id = 1" }))).rejects.toThrow(
      MigrationFailed,
    );
    expect((await history.rows("SELECT name FROM blog_author")).length).toBe(2);
  });

  test("run statements and code of the user's own, in both directions", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await withRows(history);
    await history.apply(
      runSql({
        forwards: ["UPDATE blog_author SET name = 'X' WHERE id = 1", "UPDATE blog_author SET name = 'Y' WHERE id = 2"],
        backwards: "UPDATE blog_author SET name = 'Z'",
      }),
      runCode({
        async forwards(db) {
          const [row] = await db.execute("SELECT name FROM blog_author WHERE id = 1");
          const mark = db.vendor === "sqlite" ? "?" : "$1";
          await db.execute(`UPDATE blog_author SET name = ${mark} WHERE id = 2`, [`after ${row?.["name"]}`]);
        },
        backwards: async () => {},
      }),
      // In the same transaction as changed rows.
      addField("Author", "born", fields.date({ null: true })),
    );
    expect(await history.rows("SELECT name FROM blog_author ORDER BY id")).toEqual([
      { name: "X" },
      { name: "after X" },
    ]);
    await history.undo();
    expect(await history.rows("SELECT name FROM blog_author ORDER BY id")).toEqual([{ name: "Z" }, { name: "Z" }]);
  });

  test("say when there is no way back", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await history.apply(author, runSql({ forwards: "DELETE FROM blog_author" }));
    const undoing = history.undo();
    await expect(undoing).rejects.toThrow(IrreversibleError);
    await expect(undoing).rejects.toThrow(
      /blog\.0001 cannot be taken back: "Run SQL" says no way back\. Give it "backwards" in/,
    );
  });

  test("apply a migration once when two processes begin at the same time", async () => {
    const database = use(await open());
    const first = { ...migration({ operations: [author] }), app: "blog", name: "0001" };
    const step = { migration: first, direction: "forwards" as const };
    const runs = await Promise.all(
      [1, 2, 3].map(() => runStep(step, new ProjectState(), { backend: database.backend })),
    );
    expect(runs.filter(Boolean)).toHaveLength(1);
    expect(await appliedMigrations(database.backend)).toHaveLength(1);
  });

  test("show their statements without running them", async () => {
    const database = use(await open());
    const first = {
      ...migration({ operations: [author, runCode({ forwards: async () => {} })] }),
      app: "blog",
      name: "0001",
    };
    const { backend } = database;
    const statements = await statementsOf({ migration: first, direction: "forwards" }, new ProjectState(), { backend });
    expect(statements[0]).toBe("-- Create model Author");
    expect(statements[1]).toMatch(/^CREATE TABLE "blog_author" \("id" .*"name" varchar\(100\).* NOT NULL\);$/);
    expect(statements.slice(2)).toEqual(["-- Run code", "-- Code that runs here cannot be shown as SQL."]);
    expect(await actualTables(backend)).toEqual([]);
  });

  test("name the model, the field and what there is when a state does not fit", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    const wrong = history.apply(author, alterField("Author", "nam", fields.text()));
    await expect(wrong).rejects.toThrow(BadMigrationError);
    await expect(wrong).rejects.toThrow(
      'Migration blog.0001 is wrong: alterField("Author", "nam"): Author has no such field at this point; it has id, name. ' +
        "(blog/migrations/0001.ts)",
    );
    const used = history.apply(author, book, removeField("Book", "published"));
    await expect(used).rejects.toThrow(
      /removeField\("Book", "published"\): "book_author_published_idx" is on this field/,
    );
  });
});

describeDatabases("fields without a column of their own", ({ open }) => {
  test("a many-to-many relation has its table, which follows renames and goes with it", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    await history.apply(
      createModel("Tag", { fields: { id, label: fields.text() } }),
      createModel("Post", {
        fields: { id, tags: fields.manyToMany("blog.Tag"), friends: fields.manyToMany("blog.Post") },
      }),
    );
    await expectSame(history);
    await database.backend.execute("INSERT INTO blog_tag (label) VALUES ('x')");
    await database.backend.execute("INSERT INTO blog_post DEFAULT VALUES");
    await database.backend.execute("INSERT INTO blog_post_tags (post_id, tag_id) VALUES (1, 1)");
    await database.backend.execute("INSERT INTO blog_post_friends (from_post_id, to_post_id) VALUES (1, 1)");
    await history.apply(
      renameField("Post", "tags", "labels"),
      renameModel("Tag", "Label"),
      renameModel("Post", "Note"),
    );
    await expectSame(history);
    const rows = "SELECT label FROM blog_note_labels JOIN blog_label ON label_id = blog_label.id WHERE note_id = 1";
    expect(await history.rows(rows)).toEqual([{ label: "x" }]);
    expect(await history.rows("SELECT from_note_id, to_note_id FROM blog_note_friends")).toHaveLength(1);
    await history.apply(removeField("Note", "labels"), addField("Note", "more", fields.manyToMany("blog.Label")));
    await expectSame(history);
    for (let step = 0; step < 2; step++) {
      await history.undo();
      await expectSame(history);
    }
    await history.apply(deleteModel("Post"));
    expect((await actualTables(database.backend)) as { name: string }[]).toMatchObject([{ name: "blog_tag" }]);
  });

  test("a relation through a model of one's own has no table of links", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    const to = (model: string) => fields.foreignKey(model, { onDelete: "cascade" });
    await history.apply(
      createModel("Tag", { fields: { id } }),
      createModel("Post", { fields: { id, tags: fields.manyToMany("blog.Tag", { through: "blog.Tagging" }) } }),
      createModel("Tagging", { fields: { id, post: to("blog.Post"), tag: to("blog.Tag") } }),
    );
    await expectSame(history);
    await history.apply(renameModel("Tagging", "Mark"));
    expect(history.state.find("blog.Post")?.fields["tags"]?.options["through"]).toBe("blog.Mark");
    await expectSame(history);
  });

  test("a key of several columns is made, changed, and follows renames", async () => {
    const database = use(await open());
    const history = new History(database.backend);
    const line = { book: fields.integer(), line: fields.integer(), text: fields.text() };
    await history.apply(createModel("Line", { fields: { pk: fields.compositePrimaryKey("book", "line"), ...line } }));
    await expectSame(history);
    await database.backend.execute("INSERT INTO blog_line (book, line, text) VALUES (1, 1, 'a'), (1, 2, 'b')");
    await expect(
      database.backend.execute("INSERT INTO blog_line (book, line, text) VALUES (1, 1, 'c')"),
    ).rejects.toThrow(/unique/i);
    await history.apply(renameField("Line", "line", "number"), renameModel("Line", "Row"));
    await expectSame(history);
    await expect(history.apply(removeField("Row", "number"))).rejects.toThrow(
      "the key pk is made of it; remove that before",
    );
    await history.undo();
    await expectSame(history);
  });
});
