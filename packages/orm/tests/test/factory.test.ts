import { defineApp } from "@tsjango/kernel/apps";
import { beforeEach, expect, test } from "vitest";
import { optionsOf } from "../../src/fields/prepared.ts";
import { fields, Model } from "../../src/index.ts";
import { prepareModels } from "../../src/models/prepare.ts";
import { factory } from "../../src/test/factory.ts";
import { madeValue } from "../../src/test/made-value.ts";
import { Author, Book, Profile, Publisher, Review } from "../support/models.ts";
import { describeDatabases, openProject } from "../support/project.ts";
import { use } from "../support/use.ts";

describeDatabases("a factory", (vendor) => {
  beforeEach(async () => {
    use(await openProject(vendor));
  });

  test("fills what has to have a value, and makes what it refers to", async () => {
    const review = await factory(Review).create();
    const stored = await Review.objects.get({ pk: review.pk });
    const book = await stored.book;
    expect(book.title).toMatch(/^title \d+$/);
    expect([book.pages, book.status, book.published, book.publisherId]).toEqual([0, "draft", null, null]);
    expect((await book.author).name).toMatch(/^name \d+$/);
    expect(await Author.objects.count()).toBe(1);
  });

  test("makes another value each time, in two factories, too", async () => {
    const authors = [...(await factory(Author).createBatch(2)), ...(await factory(Author).createBatch(2))];
    expect(new Set(authors.map(({ name }) => name)).size).toBe(4);
    expect(await Author.objects.count()).toBe(4);
  });

  test("takes values, functions and other factories, and is overruled by the call", async () => {
    const books = factory(Book, {
      title: (n) => `Book ${n}`,
      author: factory(Author, { name: "Jane" }),
      pages: async () => 7,
    });
    const [first, second] = await books.createBatch(2);
    expect(Number(second!.title.slice(5)) - Number(first!.title.slice(5))).toBe(1);
    expect([(await first!.author).name, first!.pages]).toEqual(["Jane", 7]);
    const other = await factory(Author).create({ name: "Anne" });
    const third = await books.create({ author: other, title: "Agnes Grey" });
    expect([third.title, third.authorId, third.pages]).toEqual(["Agnes Grey", other.id, 7]);
    expect(await Author.objects.filter({ name: "Jane" }).count()).toBe(2);
  });

  test("builds without a database", async () => {
    const profile = await factory(Profile).build({ bio: "short" });
    expect([profile.bio, (await profile.author).name]).toEqual(["short", expect.stringMatching(/^name /)]);
    const publisher = await factory(Publisher).build();
    expect(publisher.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await Author.objects.count()).toBe(0);
  });
});

class Everything extends Model<Everything>()({
  code: fields.char({ maxLength: 3 }),
  body: fields.text(),
  slug: fields.slug(),
  mail: fields.email(),
  url: fields.url(),
  key: fields.uuid(),
  whole: fields.integer(),
  small: fields.smallInteger(),
  positive: fields.positiveInteger(),
  big: fields.bigInteger(),
  real: fields.float(),
  yes: fields.boolean(),
  price: fields.decimal({ maxDigits: 4, decimalPlaces: 2 }),
  at: fields.dateTime(),
  day: fields.date(),
  data: fields.json<object>(),
  address: fields.ipAddress(),
  path: fields.filePath({ path: import.meta.dirname }),
  positiveSmall: fields.positiveSmallInteger(),
  positiveBig: fields.positiveBigInteger(),
  hour: fields.time(),
  length: fields.duration(),
  bytes: fields.binary({ maxLength: 5 }),
  size: fields.char({ choices: [["s", "Small"]] as never }),
  tags: fields.array(fields.text()),
  words: fields.searchVector(),
}) {}

class Link extends Model<Link>()({ next: () => fields.foreignKey(Link, { onDelete: "cascade" }) }) {}

test("every kind of field has values that it takes itself, however many there are", () => {
  const all = defineApp({ name: "all" });
  prepareModels([{ config: all, models: { Everything, Link } }]);
  const backend = { operations: { encode: (_field: unknown, value: unknown) => value } } as never;
  for (const field of optionsOf(Everything as never).fields.filter(({ auto }) => !auto)) {
    for (const n of [1, 1234, 40_000]) expect(field.toDatabase(madeValue(field, n), backend)).not.toBeNull();
  }
  const kinds = optionsOf(Everything as never).fields.map(({ kind }) => kind);
  const made = [
    "auto",
    "foreignKey",
    "oneToOne",
    "manyToMany",
    "compositePrimaryKey",
    "related",
    "relatedOne",
    "generated",
  ];
  expect(Object.keys(fields).filter((kind) => !kinds.includes(kind) && !made.includes(kind))).toEqual([]);
  const code = optionsOf(Everything as never).field("code");
  expect([madeValue(code, 5), madeValue(code, 1234)]).toEqual(["5", "234"]);
  expect(madeValue(optionsOf(Everything as never).field("size"), 1)).toBe("s");
  expect(madeValue(optionsOf(Everything as never).field("price"), 1234)).toBe("34");
});

test("what would need itself first is refused", async () => {
  prepareModels([{ config: defineApp({ name: "all" }), models: { Link } }]);
  await expect(factory(Link).build()).rejects.toThrow(
    "A factory cannot make Link.next: each would need another before it (Link → Link). " +
      "Give one: factory(Link, { next: … }).",
  );
});
