import { expect, test } from "vitest";
import { Count, F } from "../../src/index.ts";
import { Author, Book } from "../support/models.ts";
import { describeDatabases, openProject } from "../support/project.ts";
import { use } from "../support/use.ts";

describeDatabases("two computed values that are written alike", (vendor) => {
  test("are grouped by each on its own: their parameters are two", async () => {
    use(await openProject(vendor));
    const jane = await Author.objects.create({ name: "Jane" });
    await Book.objects.create({ title: "Emma", author: jane });
    const rows = Book.objects.annotate({
      n: Count("reviews"),
      b: F("author__books__pages").plus(1),
      c: F("author__books__pages").plus(1),
    });
    expect(await rows.values("n", "b", "c")).toEqual([{ n: 0, b: 1, c: 1 }]);
  });
});
