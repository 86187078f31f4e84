import { apps } from "@tsjango/kernel/apps";
import { configure, type Settings } from "@tsjango/kernel/conf";
import { afterEach, expect, test } from "vitest";
import { connections } from "../../src/connections.ts";
import { MigrationFailed } from "../../src/exceptions.ts";
import {
  addField,
  createModel,
  fields,
  type MigrationDatabase,
  removeField,
  runCode,
} from "../../src/migrations/index.ts";
import { atomic } from "../../src/transaction.ts";
import { use } from "../support/use.ts";
import { describeDatabases } from "./all-databases.ts";
import { History } from "./databases.ts";

const id = fields.auto({ primaryKey: true });
const models = [
  createModel("Author", { fields: { id, name: fields.char({ maxLength: 100 }) } }),
  createModel("Tag", { fields: { id, label: fields.text() } }),
  createModel("Book", {
    fields: {
      id,
      title: fields.char({ maxLength: 100 }),
      price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, default: "0" }),
      author: fields.foreignKey("blog.Author", { onDelete: "cascade" }),
      tags: fields.manyToMany("blog.Tag"),
    },
  }),
];

afterEach(() => connections.closeAll());

describeDatabases("models in the code of a migration", ({ open }) => {
  async function history(): Promise<History> {
    const database = use(await open());
    const settings = { baseDir: "/", installedApps: [], databases: { default: { url: database.url } } };
    configure(settings as unknown as Settings);
    await apps.load([]);
    const made = new History(connections.get());
    await made.apply(...models);
    return made;
  }

  test("are those of that point, with their relations, in both directions", async () => {
    const blog = await history();
    const seen: unknown[] = [];
    await blog.apply(
      addField("Book", "slug", fields.slug({ default: "" })),
      runCode({
        async forwards(db) {
          const [Author, Book, Tag] = ["Author", "Book", "Tag"].map((name) => db.model(`blog.${name}`));
          const author = await Author!.objects.create({ name: "Jane" });
          await Book!.objects.bulkCreate([
            { title: "Emma", author, price: "9.50" },
            { title: "Persuasion", author },
          ]);
          const tag = await Tag!.objects.create({ label: "novel" });
          for await (const book of Book!.objects.filter({ author__name: "Jane" }).orderBy("title")) {
            book["slug"] = String(book["title"]).toLowerCase();
            await book.save();
            await (book["tags"] as { add(...rows: unknown[]): Promise<void> }).add(tag);
          }
          seen.push(await Book!.objects.filter({ tags__label: "novel" }).count());
        },
        async backwards(db) {
          const book = await db.model("blog.Book").objects.get({ slug: "emma" });
          seen.push(book["price"]);
          await db.model("blog.Book").objects.filter({ slug: "emma" }).update({ title: "taken back" });
        },
      }),
      removeField("Book", "price"),
      runCode({
        async forwards(db) {
          const book = await db.model("blog.Book").objects.orderBy("id").first();
          seen.push(Object.keys(book ?? {}).includes("price"));
        },
        backwards: async () => {},
      }),
    );
    expect(await blog.rows("SELECT slug FROM blog_book ORDER BY id")).toEqual([
      { slug: "emma" },
      { slug: "persuasion" },
    ]);
    expect(await blog.rows("SELECT id FROM blog_book_tags")).toHaveLength(2);
    await blog.undo();
    expect(await blog.rows("SELECT title FROM blog_book ORDER BY id")).toEqual([
      { title: "taken back" },
      { title: "Persuasion" },
    ]);
    expect(seen).toEqual([2, false, "0.00"]);
  });

  test("write in the transaction of the migration: all of it or nothing", async () => {
    const blog = await history();
    const failing = (forwards: (db: MigrationDatabase) => Promise<void>) => blog.apply(runCode({ forwards }));
    await expect(
      failing(async (db) => {
        await db.model("blog.Author").objects.create({ name: "lost" });
        await atomic(() => db.model("blog.Author").objects.create({ name: "lost, too" }));
        throw new Error("no");
      }),
    ).rejects.toThrow(MigrationFailed);
    expect(await blog.rows("SELECT * FROM blog_author")).toEqual([]);
    await expect(failing(async (db) => void db.model("blog.Boook"))).rejects.toThrow(
      'There is no model "blog.Boook" at this point of the history. Did you mean "blog.Book"?',
    );
    await expect(failing(async (db) => void (await db.model("blog.Book").objects.filter({ nam: 1 })))).rejects.toThrow(
      /nam/,
    );
  });
});
