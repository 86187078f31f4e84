import { afterAll, beforeAll, expect, test } from "vitest";
import { F } from "../../src/index.ts";
import { Author, Book } from "../support/models.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";

const WIDE = 2n ** 60n;

describeDatabases("numbers of more digits than JavaScript's", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test("come back exactly from a save whose SQL is kept", async () => {
    const author = await Author.objects.create({ name: "Jane" });
    const book = await Book.objects.create({ title: "Emma", author, sold: WIDE });
    for (let n = 1n; n <= 4n; n++) {
      Object.assign(book, { sold: F("sold").plus(1n) });
      await book.save();
      expect(book.sold).toBe(WIDE + n);
    }
  });
});
