import { EmptyPage, InvalidPage, PageNotAnInteger, Paginator, type QuerySetLike } from "@tsjango/core/pagination";
import { createTemplateEngine } from "@tsjango/core/template";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describe, expect, test } from "vitest";

const rows = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** A query set over an array, which notes what it is asked. */
class Rows implements QuerySetLike<number> {
  readonly asked: string[];
  readonly rows: readonly number[];
  constructor(list: readonly number[], asked: string[] = []) {
    this.rows = list;
    this.asked = asked;
  }
  async count() {
    this.asked.push("count");
    return this.rows.length;
  }
  slice(start: number, end?: number) {
    this.asked.push(`slice ${start} ${end}`);
    return new Rows(this.rows.slice(start, end), this.asked);
  }
  async first() {
    return this.rows[0] ?? null;
  }
  // biome-ignore lint/suspicious/noThenProperty: a query set is a thenable
  then: PromiseLike<number[]>["then"] = (...args) => Promise.resolve([...this.rows]).then(...args);
  async *[Symbol.asyncIterator]() {
    yield* this.rows;
  }
}

describe("Paginator", () => {
  // The table of Django's own tests: rows, per page, orphans, empty first page; count, pages.
  test.each([
    [10, 4, 0, false, 10, 3],
    [10, 4, 1, false, 10, 3],
    [10, 4, 2, false, 10, 2],
    [9, 4, 0, false, 9, 3],
    [9, 4, 1, false, 9, 2],
    [8, 4, 2, false, 8, 2],
    [1, 4, 0, false, 1, 1],
    [0, 4, 0, false, 0, 0],
    [0, 4, 0, true, 0, 1],
    [1, 1, 0, true, 1, 1],
    [11, 10, 1, true, 11, 1],
    [12, 10, 1, true, 12, 2],
  ])("%i rows, %i a page, %i orphans, %s: %i rows on %i pages", async (n, perPage, orphans, empty, count, pages) => {
    const paginator = new Paginator(rows(n), perPage, { orphans, allowEmptyFirstPage: empty });
    expect([await paginator.count(), await paginator.numPages()]).toEqual([count, pages]);
    expect(await paginator.pageRange()).toEqual(rows(pages));
  });

  test("counts once, and asks for the rows of a page only", async () => {
    const set = new Rows(rows(25));
    const paginator = new Paginator(set, 10);
    const page = await paginator.page(2);
    expect([...page]).toEqual(rows(20).slice(10));
    await paginator.getPage("3");
    await paginator.elidedPageRange(1);
    expect(set.asked).toEqual(["count", "slice 10 20", "slice 20 25"]);
    const sizes: number[] = [];
    for await (const each of paginator) sizes.push(each.length);
    expect(sizes).toEqual([10, 10, 5]);
  });

  test("page() refuses what is no page", async () => {
    const paginator = new Paginator(rows(5), 2);
    for (const wrong of ["x", 1.5, null, undefined, "", "1.0", "1e0", {}, Number.NaN]) {
      await expect(paginator.page(wrong)).rejects.toThrow(PageNotAnInteger);
      await expect(paginator.page(wrong)).rejects.toThrow("That page number is not an integer");
    }
    await expect(paginator.page(0)).rejects.toThrow("That page number is less than 1");
    await expect(paginator.page(4)).rejects.toThrow("That page contains no results");
    await expect(paginator.page("4")).rejects.toThrow(EmptyPage);
    await expect(new Paginator([], 2, { allowEmptyFirstPage: false }).page(1)).rejects.toThrow(InvalidPage);
  });

  test("getPage() takes whatever a client sends", async () => {
    const paginator = new Paginator(rows(5), 2);
    const numbers = await Promise.all(
      ["x", "", undefined, null, "2", 3, "99", "-1", "0", "1.5", "9".repeat(30)].map(
        async (sent) => (await paginator.getPage(sent)).number,
      ),
    );
    expect(numbers).toEqual([1, 1, 1, 1, 2, 3, 3, 1, 3, 1, 1]);
    expect((await new Paginator([], 2).getPage("7")).number).toBe(1);
  });

  test("a count that failed is asked for again", async () => {
    let calls = 0;
    const set = new Rows(rows(3));
    set.count = async () => {
      if (++calls === 1) throw new Error("the database is away");
      return 3;
    };
    const paginator = new Paginator(set, 2);
    await expect(paginator.page(1)).rejects.toThrow("the database is away");
    expect((await paginator.page(1)).numPages).toBe(2);
  });

  test.each([
    [0, {}, "perPage must be a whole number from 1; found number 0"],
    [2.5, {}, "perPage must be a whole number from 1; found number 2.5"],
    [2, { orphans: 2 }, "orphans must be a whole number below perPage (2); found number 2"],
  ])("%j, %j is refused", (perPage, options, message) => {
    expect(() => new Paginator([], perPage, options)).toThrow(ImproperlyConfigured);
    expect(() => new Paginator([], perPage, options)).toThrow(message);
  });
});

describe("Page", () => {
  test("knows its neighbours and which rows it shows", async () => {
    const paginator = new Paginator(rows(11), 5, { orphans: 1 });
    const [first, last] = [await paginator.page(1), await paginator.page(2)];
    expect([first.hasNext, first.hasPrevious, first.nextPageNumber, first.previousPageNumber]).toEqual([
      true,
      false,
      2,
      null,
    ]);
    expect([last.hasNext, last.hasPrevious, last.nextPageNumber, last.previousPageNumber]).toEqual([
      false,
      true,
      null,
      1,
    ]);
    expect([first.startIndex, first.endIndex, last.startIndex, last.endIndex]).toEqual([1, 5, 6, 11]);
    expect([last.length, last.count, last.pageRange, String(last)]).toEqual([6, 11, [1, 2], "<Page 2 of 2>"]);
    const empty = await new Paginator([], 5).page(1);
    expect([empty.startIndex, empty.endIndex, empty.hasOtherPages]).toEqual([0, 0, false]);
  });

  test("reads in templates", async () => {
    const engine = createTemplateEngine({
      debug: true,
      staticUrl: "/",
      baseDir: "/",
      templates: { dirs: [] },
      installedApps: [],
    });
    const page = await new Paginator(rows(30), 2).page(8);
    const text =
      "{% for n in page %}{{ n }},{% endfor %}{% if page.hasNext %}>{{ page.nextPageNumber }}{% endif %} of {{ page.numPages }}:" +
      "{% for n in page.elidedPageRange %} {{ n }}{% endfor %}";
    expect(await engine.renderText(text, { page })).toBe("15,16,>9 of 15: 1 2 … 5 6 7 8 9 10 11 … 14 15");
  });
});

describe("the elided range", () => {
  const E = "…";
  test.each([
    [1, 50, {}, [1, 2, 3, 4, E, 49, 50]],
    [6, 50, {}, [1, 2, 3, 4, 5, 6, 7, 8, 9, E, 49, 50]],
    [7, 50, {}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, E, 49, 50]],
    [8, 50, {}, [1, 2, E, 5, 6, 7, 8, 9, 10, 11, E, 49, 50]],
    [43, 50, {}, [1, 2, E, 40, 41, 42, 43, 44, 45, 46, E, 49, 50]],
    [44, 50, {}, [1, 2, E, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50]],
    [50, 50, {}, [1, 2, E, 47, 48, 49, 50]],
    [4, 10, {}, rows(10)],
    [1, 11, {}, [1, 2, 3, 4, E, 10, 11]],
    [5, 50, { onEachSide: 1, onEnds: 1 }, [1, E, 4, 5, 6, E, 50]],
    [5, 50, { onEachSide: 0, onEnds: 1 }, [1, E, 5, E, 50]],
    [5, 50, { onEachSide: 1, onEnds: 0 }, [E, 4, 5, 6, E]],
  ])("page %i of %i, %j", async (number, pages, options, expected) => {
    expect(await new Paginator(rows(pages), 1).elidedPageRange(number, options)).toEqual(expected);
  });
});
