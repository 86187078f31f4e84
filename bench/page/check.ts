import assert from "node:assert/strict";
import { NEWEST, type ShownBook } from "./database.ts";

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

function decoded(html: string): string {
  return html.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (_all, hex, decimal, name) =>
    name === undefined
      ? String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal))
      : (ENTITIES[name] ?? ""),
  );
}

const longDate = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** Fails unless a page shows the newest books, with everything about them, and escapes them. */
export function checkPage(html: string, site: string): void {
  const cells = html
    .split("<tr>")
    .slice(2)
    .map((row) =>
      [...row.matchAll(/<td>(?:<a href="([^"]*)">)?([^<]*)/g)].map(([, href, text]) => [
        href?.replace(/\/$/, ""),
        decoded(text ?? "").trim(),
      ]),
    );
  const expected = NEWEST.map((book) => [
    [`/books/${book.id}`, book.title],
    [`/authors/${book.author.id}`, book.author.name],
    [undefined, longDate.format(new Date(book.published))],
    [undefined, String(book.pages)],
    [undefined, book.inStock ? "in stock" : "sold out"],
  ]);
  assert.deepEqual(cells, expected, `the page of ${site}`);
  assert.match(html, /<title>The newest books<\/title>/);
}

/** Fails unless a text of JSON has the newest books. */
export function checkJson(text: string, site: string): void {
  const { books } = JSON.parse(text) as { books: ShownBook[] };
  const found = books.map(({ id, title, pages, published, inStock, author }) => ({
    id,
    title,
    pages,
    inStock,
    published: new Date(published).toISOString(),
    author: { id: author.id, name: author.name },
  }));
  assert.deepEqual(found, NEWEST, `the JSON of ${site}`);
}
