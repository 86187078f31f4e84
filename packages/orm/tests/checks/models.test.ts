import { apps, defineApp, setup, tearDown } from "@tsjango/kernel/apps";
import { runChecks } from "@tsjango/kernel/checks";
import { settingsDefiner } from "@tsjango/kernel/conf";
import { afterEach, expect, test } from "vitest";
import orm from "../../src/app.ts";
import { F, fields, Model, meta } from "../../src/index.ts";

const define = settingsDefiner([orm]);

/** What the checks say of these models, as `id subject: message hint`. */
async function found(models: object, url = "sqlite::memory:"): Promise<string[]> {
  const app = defineApp({ name: "shop", models: async () => models });
  const settings = define({ baseDir: "/tmp", secretKey: "x", installedApps: [app], databases: { default: { url } } });
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
    `fields.E900 shop.Bad.then: "then" cannot be a field's name: models use it themselves. Rename it.`,
    `fields.E002 shop.Bad.a__b: "a__b" cannot be a field's name: it contains "__", which separates the parts of a path. Rename it.`,
  ]);
});

test("two fields may not have one column, nor two models one table", async () => {
  class Twice extends Model<Twice>()({ title: fields.char(), other: fields.char({ dbColumn: "title" }) }) {}
  class Again extends Model<Again>()({ n: fields.integer() }) {
    static override meta = meta<Again>({ dbTable: "shop_twice" });
  }
  expect(await found({ Twice, Again })).toEqual([
    "models.E007 shop.Twice.other: The fields title and other have one column, title.",
    "models.E028 shop.Again: shop.Twice and shop.Again have one table, shop_twice. Give one of them another with meta: { dbTable }.",
  ]);
});

test("a relation leads to a model of an installed app", async () => {
  expect(await found({ Book })).toEqual([
    "fields.E300 shop.Book.author: It refers to Author, which is no model of an installed app. Export it from the models of an app in installedApps.",
  ]);
});

test("setNull needs a field that may be null", async () => {
  class Note extends Model<Note>()({ author: () => fields.foreignKey(Author, { onDelete: "setNull" }) }) {}
  expect(await found({ Note, Author, Book })).toEqual([
    'fields.E320 shop.Note.author: onDelete: "setNull" needs null: true.',
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
    'fields.E902 shop.Shelf.byTitle: shop.Book has no relation "title". Name a foreignKey, oneToOne or manyToMany of Book: author.',
    "fields.E903 shop.Shelf.byAuthor: Book.author refers to Author, not to Shelf.",
    'fields.E902 shop.Shelf.typo: shop.Book has no relation "autor". Did you mean "author"? Name a foreignKey, oneToOne or manyToMany of Book: author.',
    "fields.E904 shop.Reader.notes: Letter.reader may be had by many rows; relatedOne is for oneToOne. Use fields.related, or make reader a oneToOne.",
  ]);
});

test("orders and indexes name fields that exist", async () => {
  class Odd extends Model<Odd>()({ n: fields.integer() }) {
    static override meta = meta<Odd>({ ordering: ["-m" as "n"], indexes: [["x" as "n"]] });
  }
  const messages = await found({ Odd });
  expect(messages[0]).toBe('models.E012 shop.Odd: An index or constraint names "x", which is no field of Odd.');
  expect(messages[1]).toContain('models.E015 shop.Odd: Its order names "-m": Odd has no field "m". Did you mean "n"?');
});

test("two primary keys are one too many", async () => {
  class Keys extends Model<Keys>()({ a: fields.char({ primaryKey: true }), b: fields.char({ primaryKey: true }) }) {}
  expect(await found({ Keys })).toEqual(["models.E026 shop.Keys: shop.Keys must have one primary key; found a and b."]);
});

test("fields say what is wrong with their options", async () => {
  class Sound extends Model<Sound>()({ code: fields.char({ unique: true }), loose: fields.char() }) {}
  class Bad extends Model<Bad>()({
    key: fields.integer({ primaryKey: true, null: true }),
    number: fields.auto({ primaryKey: false } as never),
    length: fields.char({ maxLength: 0 }),
    choice: fields.char({ maxLength: 3, choices: ["long one", "no"] }),
    places: fields.decimal({ maxDigits: 2, decimalPlaces: 3 }),
    digits: fields.decimal({ maxDigits: 19, decimalPlaces: 3 }),
    none: fields.decimal({} as never),
    path: fields.filePath({ path: "/", allowFiles: false }),
    address: fields.ipAddress({ blank: true }),
    stamp: fields.dateTime({ autoNow: true, autoNowAdd: true }),
    moment: fields.dateTime({ default: new Date() }),
    text: fields.integer({ default: "3" as never }),
    validator: fields.char({ validators: [/x/ as never] }),
    sound: () => fields.foreignKey(Sound, { onDelete: "setDefault", unique: true }),
    byCode: () => fields.foreignKey(Sound, { onDelete: "cascade", toField: "code" }),
    byLoose: () => fields.foreignKey(Sound, { onDelete: "cascade", toField: "loose" }),
    byNothing: () => fields.foreignKey(Sound, { onDelete: "cascade", toField: "nothing" }),
  }) {}
  const messages = await found({ Bad, Sound });
  expect(messages.map((message) => message.replace("shop.Bad.", "").slice(7))).toEqual([
    "E007 key: A primary key may not be null. Take one of the two out.",
    "E100 number: A field that the database numbers is a primary key. Add primaryKey: true.",
    "E121 length: maxLength must be a whole number above zero; found number 0.",
    'E009 choice: maxLength is 3, too few for the choice "long one" of 8 characters.',
    "E134 places: maxDigits (2) must not be less than decimalPlaces (3).",
    "E906 digits: maxDigits is 19, and decimals of more than 18 digits are not exact on SQLite. Use at most 18, or a text.",
    "E131 none: decimalPlaces must be a whole number; found undefined.",
    "E140 path: Either allowFiles or allowFolders must be true.",
    "E150 address: It may be blank and not null, and a blank one is no address. Add null: true.",
    "E160 stamp: autoNow and autoNowAdd exclude each other. Keep one of them.",
    "W161 moment: Its default is the moment when the program started, the same for all rows. Write autoNowAdd: true, or a function: default: () => new Date().",
    "E905 text: Its default does not fit: it takes a whole number from -2147483648 to 2147483647.",
    "E008 validator: Its validators are not all functions. Built-in ones are made by a call: validators.minValue(1).",
    'E321 sound: onDelete: "setDefault" needs a default.',
    "W342 sound: A unique foreignKey is a oneToOne. Write fields.oneToOne.",
    "E311 byLoose: It refers to Sound.loose, which is not unique. Add unique: true to Sound.loose.",
    'E312 byNothing: Sound has no field "nothing" for it to refer to.',
  ]);
});

test("models say what is wrong with their names, methods and meta", async () => {
  class Bad_ extends Model<Bad_>()({ n: fields.integer() }) {}
  class A__B extends Model<A__B>()({ n: fields.integer() }) {}
  class Hidden extends Model<Hidden>()({ size: fields.integer() } as object as Record<never, never>) {
    get size() {
      return 1;
    }
  }
  class Meta extends Model<Meta>()({ n: fields.integer(), tags: () => fields.manyToMany(Bad_) }) {
    static override meta = {
      orderng: ["n"],
      indexes: [{ fields: ["n"], name: "twice" }, ["tags"]],
      constraints: [{ unique: ["n"], name: "twice" }],
      getLatestBy: "-m",
    };
  }
  class Other extends Meta {
    static override fields = { extra: fields.integer() } as never;
  }
  expect(await found({ Bad_, A__B, Hidden, Meta, Other })).toEqual([
    'models.E030 shop.Meta: An index or constraint is called "twice" twice in shop.Meta. In an abstract model write "%(app_label)s_%(class)s" into the name.',
    'models.E023 shop.Bad_: "Bad_" begins or ends with an underscore. Rename it.',
    'models.E024 shop.A__B: "A__B" contains "__", which separates the parts of a path. Rename it.',
    'models.E025 shop.Hidden.size: Hidden has a getter or method called "size", as the field is. Rename one of them.',
    'models.E902 shop.Meta: Its meta says "orderng", which is no option of a model. Did you mean "ordering"?',
    'models.E013 shop.Meta: An index or constraint names "tags", which is manyToMany and has no column.',
    'models.E015 shop.Meta: Its order names "-m": Meta has no field "m". Did you mean "n"? Choices: id, n, pk, tags.',
    "models.E017 shop.Other: A proxy has the table of its model, and no fields of its own.",
  ]);
});

test("a table of links may not be that of another model", async () => {
  class Tag extends Model<Tag>()({ n: fields.integer() }) {}
  class Post extends Model<Post>()({
    n: fields.integer(),
    tags: () => fields.manyToMany(Tag, { dbTable: "shop_tag" }),
  }) {}
  expect(await found({ Tag, Post })).toEqual([
    "fields.E340 shop.Post_tags: shop.Tag and shop.Post_tags have one table, shop_tag. Give Post.tags another with dbTable.",
  ]);
});

test("what PostgreSQL alone has needs a database that is one", async () => {
  class Post extends Model<Post>()({
    tags: fields.array(fields.char()),
    words: fields.generated({ expression: F("words"), output: fields.searchVector() }),
  }) {}
  const postgres = await found({ Post }, "postgres://nobody@127.0.0.1:1/none");
  expect(postgres).toEqual([]);
  await tearDown();
  expect(await found({ Post }, "sqlite::memory:")).toEqual([
    'postgres.E900 shop.Post.tags: It is of the kind array, which PostgreSQL alone has; the database "default" is sqlite::memory:. Let DATABASE_URL name a PostgreSQL database, or take another kind: fields.json() holds lists on both.',
    'postgres.E900 shop.Post.words: It is of the kind searchVector, which PostgreSQL alone has; the database "default" is sqlite::memory:. Let DATABASE_URL name a PostgreSQL database.',
  ]);
});

test("the elements of an array are of a plain kind, and its size is a number", async () => {
  const length = { maxLength: 0 };
  class Post extends Model<Post>()({
    texts: fields.array(fields.char(length)),
    keys: fields.array(fields.integer({ unique: true })),
    sized: fields.array(fields.integer(), { size: 0 }),
  }) {}
  const messages = await found({ Post }, "postgres://nobody@127.0.0.1:1/none");
  expect(messages.map((message) => message.split(":")[0])).toEqual([
    "postgres.E001 shop.Post.texts",
    "postgres.E002 shop.Post.keys",
    "postgres.E901 shop.Post.sized",
  ]);
});

test("an index is built by a way that there is", async () => {
  class Post extends Model<Post>()({ a: fields.json(), b: fields.char() }) {
    static override meta = meta<Post>({
      indexes: [
        { fields: ["-a"], using: "gin" },
        { fields: ["b"], using: "gun" as "gin" },
        { fields: ["b"], opclasses: ["x", "y"] },
        { fields: ["b"], using: "gin", opclasses: ["gin_trgm_ops"] },
      ],
    });
  }
  expect(await found({ Post })).toEqual([
    'postgres.E902 shop.Post: An index of -a is built by "gin", which keeps no order. Take the "-" out.',
    'postgres.E902 shop.Post: An index of b is built by "gun", which there is not. Choices: btree, gin, gist, spgist, brin, hash.',
    "postgres.E902 shop.Post: An index of b has 2 opclasses for 1 fields. Name one for each field.",
  ]);
});
