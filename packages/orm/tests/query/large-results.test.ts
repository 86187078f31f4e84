import { afterAll, beforeAll, expect, test } from "vitest";
import { kysely, sql } from "../../src/index.ts";
import { onStatementSettled } from "../../src/transaction.ts";
import { Author, Book } from "../support/models.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";
import { use } from "../support/use.ts";

const ROWS = 40_000;

/** How often other work has its turn. */
function countTurns(): { readonly turns: number } & Disposable {
  let turns = 0;
  let next = setImmediate(function again() {
    turns++;
    next = setImmediate(again);
  });
  return {
    get turns() {
      return turns;
    },
    [Symbol.dispose]: () => clearImmediate(next),
  };
}

describeDatabases("many rows", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test("are made, written and read while other work has its turn", async () => {
    const other = use(countTurns());
    let answered = 0;
    const stop = onStatementSettled(() => {
      answered = other.turns;
    });
    use({ [Symbol.dispose]: () => void stop() });

    const given = Array.from({ length: ROWS }, (_, index) => ({ name: `author ${index}` }));
    const authors = await Author.objects.bulkCreate(given);
    // A turn in about 10 ms; without, SQLite would give none.
    expect(other.turns).toBeGreaterThan(2);
    expect(authors.map((author) => author.id)).toEqual(given.map((_, index) => index + 1));

    const all = Author.objects.all();
    const rows = await all.union(all, all, all, { all: true });
    // Behind the answer of the database the instances are made.
    expect(other.turns - answered).toBeGreaterThan(0);
    expect(rows).toHaveLength(4 * ROWS);
    expect(new Set(rows.map((row) => row.name))).toEqual(new Set(given.map((row) => row.name)));

    const values = await Author.objects.orderBy("id").values("id", "name");
    expect(values.at(-1)).toEqual({ id: ROWS, name: `author ${ROWS - 1}` });
  });

  // PostgreSQL's rows come as the network brings them.
  test.runIf(vendor === "sqlite")("are read by statements of one's own while other work has its turn", async () => {
    const other = use(countTurns());
    const start = other.turns;
    const raw = await Author.objects.raw(sql`select a.* from shop_author a order by a.id`);
    expect(raw).toHaveLength(ROWS);
    expect(other.turns - start).toBeGreaterThan(1);
    const before = other.turns;
    const rows = await kysely({ Author }).selectFrom("Author").select(["id", "name", "email"]).execute();
    expect(rows).toHaveLength(ROWS);
    // Without, there would be none.
    expect(other.turns - before).toBeGreaterThan(0);
  });

  // More than a call takes arguments. The code is the same on both databases.
  test.runIf(vendor === "sqlite")("more are prefetched for one row than a stack has room for", async () => {
    const author = await Author.objects.create({ name: "busy" });
    const book = await Book.objects.create({ title: "much discussed", author });
    await project.backend.execute(
      "insert into shop_review (book_id, text) with recursive n(i) as (select 1 union all select i + 1 from n where i < 130000) " +
        `select ${book.id}, '' from n`,
    );
    const [read] = await Book.objects.filter({ id: book.id }).prefetchRelated("reviews", "reviews__book");
    expect(await read?.reviews.all()).toHaveLength(130_000);
  });

  test("few rows do not wait for others", async () => {
    await Author.objects.first();
    const other = use(countTurns());
    const answered = new Promise<number>((resolve) => {
      const stop = onStatementSettled(() => {
        stop();
        resolve(other.turns);
      });
    });
    await Author.objects.orderBy("id").slice(0, 500);
    expect(other.turns - (await answered)).toBeLessThan(2);
  });
});
