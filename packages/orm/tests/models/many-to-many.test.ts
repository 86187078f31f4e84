import { defineApp } from "@tsjango/kernel/apps";
import { expect, test } from "vitest";
import { CompositePrimaryKey } from "../../src/fields/composite-key.ts";
import type { ManyToManyField } from "../../src/fields/many-to-many.ts";
import { optionsOf } from "../../src/fields/prepared.ts";
import { fields, Model } from "../../src/index.ts";
import type { ModelInstance, ModelType } from "../../src/models/options.ts";
import { allModels, modelProblems, prepareModels } from "../../src/models/prepare.ts";
import { resolvePath } from "../../src/sql/path.ts";

/** Prepares these models in the app `shop`, and gives what was wrong. */
function prepare(models: Readonly<Record<string, unknown>>): string[] {
  prepareModels([{ config: defineApp({ name: "shop" }), models }]);
  return modelProblems().map(({ id, subject, message }) => `${id} ${subject}: ${message}`);
}
const of = (model: unknown) => optionsOf(model as ModelType);
const links = (model: unknown, name: string) => of(model).find(name) as ManyToManyField;

/** Shapes whose types are of no matter here. */
const shape = <T extends object>(given: T) => given as Record<never, never>;

class Tag extends Model<Tag>()(shape({ label: fields.char(), books: () => fields.related(Book as never, "tags") })) {}
class Book extends Model<Book>()(shape({ title: fields.char(), tags: () => fields.manyToMany(Tag) })) {}
class OldBook extends Book {}

test("links without a model of their own get one: its table, two foreign keys, each pair once", () => {
  expect(prepare({ OldBook, Book, Tag })).toEqual([]);
  const tags = links(Book, "tags");
  expect(tags).toMatchObject({
    kind: "manyToMany",
    label: "Book.tags",
    autoThrough: true,
    symmetrical: false,
    one: false,
  });
  const through = of(tags.through);
  expect(through).toMatchObject({ label: "shop.Book_tags", dbTable: "shop_book_tags", autoCreated: tags });
  expect(through.fields.map(({ name, column, kind }) => [name, column, kind])).toEqual([
    ["id", "id", "auto"],
    ["book", "book_id", "foreignKey"],
    ["tag", "tag_id", "foreignKey"],
  ]);
  expect(through.constraints).toMatchObject([{ unique: ["book", "tag"] }]);
  expect([tags.sourceField.label, tags.targetField.label]).toEqual(["Book_tags.book", "Book_tags.tag"]);
  expect(of(Tag).find("books")).toMatchObject({ forward: tags, one: false });
  expect(of(Book).referrers.map((field) => field.label)).toEqual(["Book_tags.book"]);
  expect(allModels().map(({ label }) => label)).toEqual(["shop.Book", "shop.Tag", "shop.OldBook", "shop.Book_tags"]);
});

test("a proxy has the links of its model", () => {
  prepare({ OldBook, Book, Tag });
  expect(links(OldBook, "tags").through).toBe(links(Book, "tags").through);
});

test("a path through links makes two steps, and one where the key is enough", () => {
  prepare({ Book, Tag });
  const steps = (model: unknown, path: string) =>
    resolvePath(of(model), path).hops.map(({ to, fromColumn, toColumn }) => `${to.dbTable} ${fromColumn}=${toColumn}`);
  expect(steps(Book, "tags__label")).toEqual(["shop_book_tags id=book_id", "shop_tag tag_id=id"]);
  expect(steps(Tag, "books__title")).toEqual(["shop_book_tags id=tag_id", "shop_book book_id=id"]);
  expect(steps(Book, "tags")).toEqual(["shop_book_tags id=book_id"]);
});

test("links of a model with itself hold in both directions unless they say otherwise", () => {
  class Person extends Model<Person>()(
    shape({
      friends: () => fields.manyToMany(Person),
      follows: () => fields.manyToMany(Person, { symmetrical: false }),
    }),
  ) {}
  expect(prepare({ Person })).toEqual([]);
  expect([links(Person, "friends").symmetrical, links(Person, "follows").symmetrical]).toEqual([true, false]);
  expect(of(links(Person, "follows").through).fields.map((field) => field.name)).toEqual([
    "id",
    "fromPerson",
    "toPerson",
  ]);
});

test("a model of one's own keeps the links; where several foreign keys could be meant it is asked which", () => {
  const keys = {
    book: () => fields.foreignKey(Paper, { onDelete: "cascade" }),
    tag: () => fields.foreignKey(Tag, { onDelete: "cascade" }),
  };
  class Tagging extends Model<Tagging>()(shape(keys)) {}
  class Doubtful extends Model<Doubtful>()(
    shape({ ...keys, old: () => fields.foreignKey(Tag, { onDelete: "cascade" }) }),
  ) {}
  class Lacking extends Model<Lacking>()(shape({ tag: keys.tag })) {}
  class Paper extends Model<Paper>()(
    shape({
      good: () => fields.manyToMany(Tag, { through: Tagging }),
      said: () => fields.manyToMany(Tag, { through: Doubtful, throughFields: ["book", "old"] }),
      doubtful: () => fields.manyToMany(Tag, { through: Doubtful }),
      wrong: () => fields.manyToMany(Tag, { through: Doubtful, throughFields: ["tag", "book"] }),
      lacking: () => fields.manyToMany(Tag, { through: Lacking }),
    }),
  ) {}
  expect(prepare({ Book, Paper, Tag, Tagging, Doubtful, Lacking })).toEqual([
    "fields.E333 shop.Paper.doubtful: Its through, Doubtful, has several foreign keys that could be meant (book, tag, old). Say which with throughFields: [source, target].",
    "fields.E333 shop.Paper.wrong: Its throughFields are tag and book, but Doubtful has book leading to Paper and tag, old leading to Tag.",
    "fields.E333 shop.Paper.lacking: Its through, Lacking, needs a foreign key to Paper and one to Tag; found tag.",
  ]);
  expect(links(Paper, "good")).toMatchObject({ through: Tagging, autoThrough: false });
  expect(links(Paper, "said").targetField.name).toBe("old");
  expect(links(Paper, "good").deconstruct()).toEqual({
    kind: "manyToMany",
    to: "shop.Tag",
    options: { through: "shop.Tagging" },
  });
});

test("links cannot be given to a constructor, and the message says how they are set", () => {
  prepare({ Book, Tag });
  expect(() => new (Book as unknown as ModelType)({ tags: [] })).toThrow(
    "Book.tags can be set when the row has been saved: await instance.tags.set([…]).",
  );
});

test("a key of several fields is a list of their values, and frozen", () => {
  class Line extends Model<Line>()(
    shape({
      pk: fields.compositePrimaryKey("bookId", "line"),
      book: () => fields.foreignKey(Book, { onDelete: "cascade" }),
      line: fields.integer(),
      text: fields.text(),
    }),
  ) {}
  expect(prepare({ Book, Tag, Line })).toEqual([]);
  const { pk, fields: columns } = of(Line);
  expect(columns.map((field) => field.name)).toEqual(["book", "line", "text"]);
  expect(pk).toBeInstanceOf(CompositePrimaryKey);
  expect(pk.keyFields.map((field) => field.name)).toEqual(["book", "line"]);
  const line = new (Line as unknown as ModelType)({ book: 7, line: 2 }) as ModelInstance;
  expect(line["pk"]).toEqual([7, 2]);
  expect(Object.isFrozen(line["pk"])).toBe(true);
  expect((new (Line as unknown as ModelType)({ book: 7 }) as ModelInstance)["pk"]).toBeUndefined();
});

test("a key of several fields names fields that are there and not null, and nothing refers to it", () => {
  class Lost extends Model<Lost>()(shape({ pk: fields.compositePrimaryKey("a", "b"), a: fields.integer() })) {}
  class Empty extends Model<Empty>()(
    shape({ pk: fields.compositePrimaryKey("a", "b"), a: fields.integer(), b: fields.integer({ null: true }) }),
  ) {}
  class Good extends Model<Good>()(
    shape({ pk: fields.compositePrimaryKey("a", "b"), a: fields.integer(), b: fields.integer() }),
  ) {}
  class Refers extends Model<Refers>()(shape({ good: () => fields.foreignKey(Good, { onDelete: "cascade" }) })) {}
  expect(prepare({ Lost, Empty, Good, Refers })).toEqual([
    'models.E042 shop.Lost: shop.Lost: its primary key names "b", which is no field of it.',
    'models.E042 shop.Empty: shop.Empty: its primary key names "b", which may be null.',
    "fields.E347 shop.Refers.good: It refers to Good, whose primary key has several columns.",
  ]);
});
