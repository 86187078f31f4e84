import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { postSave } from "../../src/index.ts";
import { loadFixtures } from "../../src/serialization/load-fixtures.ts";
import { Author, Book, Profile, Publisher } from "../support/models.ts";
import { describeDatabases, openProject } from "../support/project.ts";
import { use } from "../support/use.ts";

const AUTHORS = [
  { model: "shop.Author", pk: 7, fields: { name: "Jane Austen", boss: 8 } },
  { model: "shop.Author", pk: 8, fields: { name: "Anne", email: "anne@example.com" } },
];
const UUID = "0189b7ea-6c0e-7c1e-9b3f-1f2d3c4b5a69";
const BOOK = {
  model: "shop.Book",
  pk: 1,
  fields: {
    title: "Emma",
    author: 7,
    publisherId: UUID.toUpperCase(),
    createdAt: "1815-12-23T10:00:00+01:00",
    published: "1815-12-23T00:00:00Z",
    bought: "2026-11-21",
    sold: "9007199254740993",
    price: "9.50",
    extra: { tags: ["a"] },
  },
};

describeDatabases("loadFixtures", (vendor) => {
  let directory: string;

  /** The path of a fixture that holds this. */
  const file = (name: string, content: unknown): string => {
    const path = join(directory, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };
  const failure = async (rows: unknown) => {
    const error = await loadFixtures([file("bad.json", rows)]).then(
      () => undefined,
      (thrown: Error & { code: string }) => thrown,
    );
    expect([error?.code, await Author.objects.count()]).toEqual(["fixture_error", 0]);
    return error?.message.replaceAll(/^.*?(?=bad\.json)/gm, "");
  };

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "tsjango-fixtures-"));
    use({ [Symbol.dispose]: () => rmSync(directory, { recursive: true }) });
    use(await openProject(vendor));
  });

  test("writes rows in JSON, which may refer to later ones, as their fields have them", async () => {
    const publisher = { model: "shop.Publisher", pk: UUID, fields: { name: "Egerton" } };
    const names = [file("authors.json", [BOOK, ...AUTHORS]), file("publishers.json", [publisher])];
    expect(await loadFixtures(names)).toBe(4);
    const book = await Book.objects.get({ pk: 1 });
    expect(book).toMatchObject({
      createdAt: new Date("1815-12-23T09:00:00Z"),
      published: new Date("1815-12-23T00:00:00Z"),
      bought: "2026-11-21",
      sold: 9007199254740993n,
      price: "9.50",
      extra: { tags: ["a"] },
      pages: 0,
      status: "draft",
      publisherId: UUID,
    });
    expect(book.updatedAt.getTime()).toBeGreaterThan(Date.parse("2026-01-01"));
    expect((await (await book.author).boss)?.name).toBe("Anne");
    expect((await Publisher.objects.get()).name).toBe("Egerton");
  });

  test("overwrites rows of the same key, and numbers new ones beyond them", async () => {
    await loadFixtures([file("authors.json", AUTHORS)]);
    await loadFixtures([file("again.json", [{ model: "shop.Author", pk: 8, fields: { name: "Anne Brontë" } }])]);
    expect((await Author.objects.get({ pk: 8 })).name).toBe("Anne Brontë");
    expect((await Author.objects.create({ name: "New" })).id).toBe(9);
    const publisher = (name: string) => [{ model: "shop.Publisher", pk: UUID, fields: { name } }];
    await loadFixtures([file("first.json", publisher("first")), file("second.json", publisher("second"))]);
    expect(await Publisher.objects.get()).toMatchObject({ id: UUID, name: "second" });
    await loadFixtures([file("keyless.json", [{ model: "shop.Author", fields: { name: "Keyless" } }])]);
    expect(await Author.objects.get({ name: "Keyless" })).toMatchObject({ id: 10 });
  });

  test("tells receivers of signals that the rows are a fixture's", async () => {
    const told: unknown[] = [];
    const stop = postSave.connect(({ raw, created }) => void told.push([raw, created]), { sender: Author });
    use({ [Symbol.dispose]: stop });
    await loadFixtures([file("authors.json", AUTHORS)]);
    expect(told).toEqual([
      [true, true],
      [true, true],
    ]);
  });

  test("takes modules: rows, or a function", async () => {
    file("package.json", { type: "module" });
    const rows = `export default ${JSON.stringify(AUTHORS)} satisfies object[];`;
    expect(await loadFixtures([file("rows.ts", rows)])).toBe(2);
    const made = `export default async () => [{ model: "shop.Profile", pk: 1, fields: { author: 7 } }];`;
    expect(await loadFixtures([file("made.mts", made), file("none.ts", "export default () => {};")])).toBe(1);
    expect((await (await Profile.objects.get()).author).name).toBe("Jane Austen");
    await expect(loadFixtures([file("empty.ts", "export {};")])).rejects.toThrow(/empty\.ts has no default export\./);
  });

  test("writes all or nothing, and says which row of which file is wrong, and how", async () => {
    const [jane, anne] = AUTHORS;
    const author = (fields: object) => [anne, { model: "shop.Author", pk: 9, fields }];
    expect(await failure(author({ nmae: "x" }))).toBe(
      'bad.json[1] (shop.Author 9): shop.Author has no field "nmae". Did you mean "name"? Choices: id, name, email, boss.',
    );
    expect(await failure(author({ name: 3 }))).toBe(
      "bad.json[1] (shop.Author 9): Author.name takes a string; found number 3.",
    );
    expect(await failure(author({}))).toMatch(/^bad\.json\[1\] \(shop\.Author 9\): Author\.name has no value/);
    expect(await failure(author({ name: "x", email: "anne@example.com" }))).toMatch(
      /^bad\.json\[1\] \(shop\.Author 9\): .*unique/i,
    );
    expect(await failure([jane])).toBe(
      "bad.json[0] (shop.Author 7): Author.boss is 8, and there is no shop.Author of this key.",
    );
    expect(await failure([anne, { model: "shop.Autor" }])).toBe(
      'bad.json[1] (shop.Autor): No installed app has the model "shop.Autor". Did you mean "shop.Author"?',
    );
    expect(await failure([anne, { ...anne, fields: { name: "Twin" } }])).toBe(
      "bad.json[1] (shop.Author 8): this row stands at [0] already.",
    );
    const book = (fields: object) => [{ ...BOOK, fields: { ...BOOK.fields, ...fields } }];
    expect(await failure(book({ published: "1815-12-23T10:00:00" }))).toMatch(
      /^bad\.json\[0\] \(shop\.Book 1\): Book\.published takes a time with its zone, such as "2026-.*found string '1815/,
    );
    expect(await failure(book({ sold: "many" }))).toMatch(/Book\.sold takes a whole number, or its digits as a string/);
    expect(await failure(book({ bought: "21.11.2026" }))).toMatch(/Book\.bought takes a date/);
    expect(await failure(book({ pk: 3 }))).toMatch(/\(shop\.Book 1\): "pk" stands beside "fields", not among them\./);
  });

  test("says what a file must be", async () => {
    expect(await failure("[{]")).toMatch(/^bad\.json is no JSON: /);
    expect(await failure({ model: "shop.Author" })).toMatch(/^bad\.json must be a list of rows, .*; found \{/);
    expect(await failure([3])).toMatch(/^bad\.json\[0\] must be a row, .*; found number 3\.$/);
    expect(await failure([{ model: "shop.Author", feilds: {} }])).toBe(
      'bad.json[0] has "feilds"; a row has model, pk and fields. Did you mean "fields"?',
    );
    expect(await failure([{ pk: 1 }])).toMatch(/^bad\.json\[0\]\.model must be app and model as a text/);
    expect(await failure([{ model: "shop.Author", fields: [] }])).toMatch(/^bad\.json\[0\]\.fields must be an object/);
  });

  test("reads many rows in statements that the database takes", { timeout: 30_000 }, async () => {
    const many = Array.from({ length: 600 }, (_, index) => ({
      model: "shop.Author",
      pk: index + 1,
      fields: { name: `A${index}`, boss: 1 + ((index + 7) % 600) },
    }));
    expect(await loadFixtures([file("many.json", many)])).toBe(600);
    expect(await Author.objects.filter({ boss__isnull: false }).count()).toBe(600);
  });
});
