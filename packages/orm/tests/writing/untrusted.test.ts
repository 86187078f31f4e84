import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UntrustedInputError, untrusted } from "../../src/index.ts";
import { openProject, type TestProject } from "../support/project.ts";
import * as models from "./models.ts";
import { Author, Book } from "./models.ts";

describe("untrusted", () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject("sqlite", models);
    const author = await Author.objects.create({ name: "Jane" });
    await Book.objects.bulkCreate([
      { title: "Emma", author, pages: 400 },
      { title: "Persuasion", author, pages: 200 },
    ]);
  });
  afterAll(() => project[Symbol.asyncDispose]());
  const allow = { title__icontains: String, pages__gte: Number, pages__in: Number, editor__isnull: Boolean } as const;
  const titles = async (given: unknown) =>
    (await Book.objects.filter(untrusted(given, { allow }))).map(({ title }) => title);

  test("makes a condition of a query string, and of JSON", async () => {
    expect(await titles(new URLSearchParams("title__icontains=EM&pages__gte=300"))).toEqual(["Emma"]);
    expect(await titles(new URLSearchParams("pages__in=200&pages__in=400&editor__isnull=true"))).toHaveLength(2);
    expect(await titles(new URLSearchParams("pages__in=200"))).toEqual(["Persuasion"]);
    expect(await titles(JSON.parse('{ "pages__gte": 201, "editor__isnull": true }'))).toEqual(["Emma"]);
    expect(await titles({})).toHaveLength(2);
    const names = untrusted({ title: "Emma", page: "2" }, { allow: ["title", "title__in"], others: "ignore" });
    expect(await Book.objects.filter(names).count()).toBe(1);
    expect(untrusted({ n: "3" }, { allow: { n: (value: string) => BigInt(value) } })).toEqual({ n: 3n });
  });

  test.for<[given: unknown, message: string]>([
    [{ author__email: "x" }, '"author__email" is not allowed in a filter. Allowed: title__icontains'],
    [{ title__icontain: "x" }, 'Did you mean "title__icontains"?'],
    [JSON.parse('{ "__proto__": { "title__icontains": "x" } }'), '"__proto__" is not allowed'],
    [{ constructor: "x" }, '"constructor" is not allowed'],
    [Object.assign(Object.create({ title__icontains: "x" }), {}), "must be an object of lookups"],
    [{ title__icontains: { toString: "x" } }, '"title__icontains" takes one plain value; found'],
    [{ title__icontains: ["x"] }, '"title__icontains" takes one plain value; found'],
    [new URLSearchParams("title__icontains=a&title__icontains=b"), "takes one plain value"],
    [{ title__icontains: 3 }, "A text is expected; found number 3"],
    [{ title__icontains: undefined }, "takes one plain value; found undefined"],
    [{ pages__gte: "" }, "A number is expected; found string ''"],
    [{ pages__gte: "0x10" }, "A number is expected"],
    [{ pages__gte: Number.NaN }, "takes one plain value; found number NaN"],
    [{ pages__in: [1, [2]] }, "takes one plain value"],
    [{ pages__in: Array.from({ length: 1001 }, () => 1) }, "takes at most 1000 values; found 1001"],
    [{ editor__isnull: "yes" }, "true or false is expected"],
    [["title"], "must be an object of lookups"],
    ["title=x", "must be an object of lookups"],
    [null, "must be an object of lookups"],
    [{ getAll: () => ["x"], keys: () => ["title__icontains"] }, '"getAll" is not allowed'],
  ])("refuses %o", ([given, message]) => {
    expect(() => untrusted(given, { allow })).toThrow(UntrustedInputError);
    expect(() => untrusted(given, { allow })).toThrow(message);
  });

  test("takes two values for a range, and says what its functions say", () => {
    const range = { allow: { pages__range: Number } } as const;
    expect(untrusted({ pages__range: ["1", 2] }, range)).toEqual({ pages__range: [1, 2] });
    expect(() => untrusted({ pages__range: ["1"] }, range)).toThrow("takes two values; found 1");
    const odd = { allow: { n: () => JSON.parse("{") } };
    expect(() => untrusted({ n: "x" }, odd)).toThrow('"n": ');
    expect(new UntrustedInputError("x").status).toBe(400);
  });
});
