import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@tsjango/core/test";
import { watchEventLoop } from "@tsjango/kernel/watch";
import { tearDown } from "tsjango/apps";
import { blockReports, runInContext, syncToAsync } from "tsjango/async";
import { atomic, connections } from "tsjango/db";
import { SynchronousOnlyOperation } from "tsjango/exceptions";
import { redirectLogs } from "tsjango/logging";
import { getTemplateEngine } from "tsjango/template";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Author, asyncSite, Book, bleeding } from "./support/async-site.ts";

let directory: string;
let client: Client;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tsjango-async-"));
  client = new Client(await asyncSite(directory));
});
afterAll(async () => {
  await tearDown();
  await rm(directory, { recursive: true, force: true });
});

/** Runs in an async view, as Django's were run in a coroutine. */
function inView<T>(body: () => T): T {
  return runInContext({ kind: "request", name: "shop.index" }, body);
}
async function countByLoop(): Promise<number> {
  let count = 0;
  for await (const _book of Book.objects.all()) count++;
  return count;
}
/** What JavaScript without types may do. */
const untyped = (value: unknown) => value as Record<string, never> & Iterable<{ title: string }> & { title: string }[];

// Django's calls that were run in a coroutine, each refused there with SynchronousOnlyOperation unless said.
describe("Django's sync calls in an async view", () => {
  test("filter() is lazy: fine in both", () => {
    expect(inView(() => Book.objects.filter({ title: "x" }))).toBeDefined();
  });

  test.for<[string, (rows: ReturnType<typeof untyped>) => unknown]>([
    ["list(qs)", (rows) => [...rows]],
    ["len(qs)", (rows) => rows.length],
    ["qs[0]", (rows) => rows[0]],
    ["repr(qs)", (rows) => `${rows}`],
    ["for book in qs", (rows) => Array.from(rows)],
  ])("%s is refused in both, here naming model, view and line", ([, read]) => {
    const refused = () => inView(() => read(untyped(Book.objects.all())));
    expect(refused).toThrow(SynchronousOnlyOperation);
    expect(refused).toThrow(
      /^You cannot .* a QuerySet synchronously\. .* \(Book, in shop\.index, at packages\/tsjango\/tests\/async-safety\.test\.ts:\d+:\d+\)$/,
    );
  });

  // Django refuses them; here they are async themselves, so that there is nothing to refuse.
  test.for<[string, () => Promise<unknown>, unknown]>([
    ["count()", () => Book.objects.count(), 2],
    ["exists()", () => Book.objects.exists(), true],
    ["get()", async () => (await Book.objects.get({ title: "Jane's" })).title, "Jane's"],
    ["first()", async () => (await Book.objects.first())?.title, "Jane's"],
    ["save()", async () => (await Author.objects.get({ name: "Jane" })).save(), undefined],
    ["atomic()", () => atomic(() => Book.objects.count()), 2],
    ["connection.cursor()", async () => (await connections.get().execute("select 1")).rows.length, 1],
    ["async for", countByLoop, 2],
  ])("%s is async, and works", async ([, call, expected]) => {
    expect(await inView(call)).toEqual(expected);
  });

  test("bool(qs) is true for every object, and nobody can be told; exists() asks", async () => {
    expect(Boolean(Book.objects.none())).toBe(true);
    expect(await inView(() => Book.objects.none().exists())).toBe(false);
  });

  test("a template with {% for book in books %} awaits the query set, which Django refuses", async () => {
    const html = await inView(() => getTemplateEngine().render("list.html", { books: Book.objects.orderBy("title") }));
    expect(html).toBe("Emily&#x27;s Jane&#x27;s ");
  });

  test("a query set that a template would have to print is refused, naming template and line", async () => {
    const pair = [Book.objects.all()];
    await expect(inView(() => getTemplateEngine().render("print.html", { pair }))).rejects.toThrow(
      /You cannot print a QuerySet synchronously\. .*\(Book, in shop\.index\).*print\.html, line 2/,
    );
  });

  test("a relation that is not loaded: Django queries behind your back, or refuses; here it is awaited", async () => {
    const book = await Book.objects.get({ title: "Jane's" });
    expect(() => inView(() => untyped(book.author)["name"])).toThrow(/^Book\.author is not loaded/);
    expect((await inView(() => book.author)).name).toBe("Jane");
  });

  test("in sync_to_async all of it is let through; here what SQLite can", async () => {
    const titles = syncToAsync(() => untyped(Book.objects.orderBy("title")).map((book) => book.title));
    expect(await inView(titles)).toEqual(["Emily's", "Jane's"]);
  });
});

test("a thousand requests at once, each with its user, its transaction and its id: nothing bleeds", async () => {
  const get = async (path: string, headers: Record<string, string>) => {
    const response = await client.get(path, { headers });
    return { text: response.text(), id: response.headers.get("x-request-id") };
  };
  expect(await bleeding(get, 1000)).toEqual([]);
  expect(await Author.objects.filter({ name__startswith: "visitor" }).count()).toBe(0);
}, 60_000);

// The machine may be busy with other things for as long.
describe("a view that computes for long", { timeout: 60_000 }, () => {
  /** The longest that another view took meanwhile. */
  async function longestWhile(work: Promise<unknown>): Promise<number> {
    let done = false;
    void work.finally(() => {
      done = true;
    });
    let longest = 0;
    while (!done) {
      const started = performance.now();
      await client.get("/quick/");
      await new Promise((resolve) => setTimeout(resolve, 1));
      longest = Math.max(longest, performance.now() - started);
    }
    await work;
    return longest;
  }

  test("leaves the others alone in a worker thread, and holds them up without", async () => {
    await client.get("/heavy/1/");
    let least = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 5 && least >= 400; round++) {
      const work = Promise.all([client.get("/heavy/800/"), client.get("/heavy/800/")]);
      least = Math.min(least, await longestWhile(work));
    }
    expect(least).toBeLessThan(400);
    expect(await longestWhile(client.get("/blocking/800/"))).toBeGreaterThan(700);
  });

  test("is told of by the watch", async () => {
    const messages: string[] = [];
    const putBack = redirectLogs(({ message }) => messages.push(message));
    const watch = watchEventLoop({ threshold: 50, development: true });
    await watch.ready;
    for (let round = 0; round < 10 && messages.length === 0; round++) {
      await client.get("/blocking/300/");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    watch.end();
    putBack();
    expect(messages[0]).toMatch(
      /^The event loop was held up for \d+ ms by the view blocking, at packages\/tsjango\/tests\/support\/heavy\.ts:/,
    );
    expect(blockReports()[0]).toMatchObject({ kind: "stretch", view: "blocking" });
  });
});
