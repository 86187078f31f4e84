import { apps, defineApp, setup, tearDown } from "@tsjango/kernel/apps";
import { runChecks } from "@tsjango/kernel/checks";
import { settingsDefiner } from "@tsjango/kernel/conf";
import { afterEach, expect, test } from "vitest";
import orm from "../../src/app.ts";
import { fields, Model, meta } from "../../src/index.ts";

const define = settingsDefiner([orm]);

/** What the checks say of these models, as `id subject: message hint`. */
async function found(models: object): Promise<string[]> {
  const app = defineApp({ name: "shop", models: async () => models });
  const settings = define({ baseDir: "/tmp", secretKey: "x", installedApps: [app] });
  await setup(settings as never);
  const messages = await runChecks(settings as never, { tags: ["models"] });
  return messages.map(({ id, subject, message, hint }) =>
    [`${id} ${subject}:`, message, hint].filter(Boolean).join(" "),
  );
}
afterEach(() => tearDown());

class Author extends Model<Author>()({ name: fields.char(), books: () => fields.related(Book, "author") }) {}
class Book extends Model<Book>()({
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
  title: fields.char(),
}) {}

test("sound models have nothing to report, whatever their order", async () => {
  expect(await found({ Book, Author })).toEqual([]);
  expect(apps.ready).toBe(true);
});

test("a field may not have a name that models use, nor one that paths are made of", async () => {
  const shape = Object.fromEntries(["then", "a__b"].map((name) => [name, fields.char()]));
  class Bad extends Model<Bad>()(shape as { n: (typeof shape)[string] }) {}
  expect(await found({ Bad })).toEqual([
    `models.E002 shop.Bad.then: "then" cannot be a field's name: models use it themselves. Rename it.`,
    `models.E002 shop.Bad.a__b: "a__b" cannot be a field's name: models use it themselves. Rename it.`,
  ]);
});

test("two fields may not have one column, nor two models one table", async () => {
  class Twice extends Model<Twice>()({ title: fields.char(), other: fields.char({ dbColumn: "title" }) }) {}
  class Again extends Model<Again>()({ n: fields.integer() }) {
    static override meta = meta<Again>({ dbTable: "shop_twice" });
  }
  expect(await found({ Twice, Again })).toEqual([
    "models.E003 shop.Twice.other: The fields title and other have one column, title.",
    "models.E010 shop.Again: shop.Twice and shop.Again have one table, shop_twice. Give one of them another with meta: { dbTable }.",
  ]);
});

test("a relation leads to a model of an installed app", async () => {
  expect(await found({ Book })).toEqual([
    "models.E005 shop.Book.author: It refers to Author, which is no model of an installed app. Export it from the models of an app in installedApps.",
  ]);
});

test("setNull needs a field that may be null", async () => {
  class Note extends Model<Note>()({ author: () => fields.foreignKey(Author, { onDelete: "setNull" }) }) {}
  expect(await found({ Note, Author, Book })).toEqual([
    'models.E006 shop.Note.author: onDelete: "setNull" needs null: true.',
  ]);
});

test("the other side of a relation names a relation to this model", async () => {
  class Shelf extends Model<Shelf>()({
    byTitle: () => fields.related(Book, "title"),
    byAuthor: () => fields.related(Book, "author"),
    typo: () => fields.related(Book, "autor" as "author"),
  }) {}
  class Reader extends Model<Reader>()({ notes: () => fields.relatedOne(Letter, "reader") }) {}
  class Letter extends Model<Letter>()({ reader: () => fields.foreignKey(Reader, { onDelete: "cascade" }) }) {}
  expect(await found({ Shelf, Book, Author, Reader, Letter })).toEqual([
    'models.E007 shop.Shelf.byTitle: shop.Book has no relation "title". Name a foreignKey, oneToOne or manyToMany of Book: author.',
    "models.E008 shop.Shelf.byAuthor: Book.author refers to Author, not to Shelf.",
    'models.E007 shop.Shelf.typo: shop.Book has no relation "autor". Did you mean "author"? Name a foreignKey, oneToOne or manyToMany of Book: author.',
    "models.E009 shop.Reader.notes: Letter.reader may be had by many rows; relatedOne is for oneToOne. Use fields.related, or make reader a oneToOne.",
  ]);
});

test("orders and indexes name fields that exist", async () => {
  class Odd extends Model<Odd>()({ n: fields.integer() }) {
    static override meta = meta<Odd>({ ordering: ["-m" as "n"], indexes: [["x" as "n"]] });
  }
  const messages = await found({ Odd });
  expect(messages[0]).toBe('models.E012 shop.Odd: An index or constraint names "x", which is no field of Odd.');
  expect(messages[1]).toContain(
    'models.E011 shop.Odd: Its ordering names "-m": Odd has no field "m". Did you mean "n"?',
  );
});

test("two primary keys are one too many", async () => {
  class Keys extends Model<Keys>()({ a: fields.char({ primaryKey: true }), b: fields.char({ primaryKey: true }) }) {}
  expect(await found({ Keys })).toEqual(["models.E001 shop.Keys: shop.Keys must have one primary key; found a and b."]);
});
