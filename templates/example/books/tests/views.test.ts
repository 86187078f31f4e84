import { beforeEach, client, expect, test } from "tsjango/test";
import { Author, Book } from "../models.ts";

let emma: Book;

beforeEach(async () => {
  const author = await Author.objects.create({ name: "Jane Austen" });
  emma = await Book.objects.create({ title: "Emma & <co>", author, year: 1815, price: "9.50" });
});

test("the list shows titles and authors, escaped", async () => {
  const response = await client.get("/");
  expect(response).toHaveStatus(200);
  expect(response.text()).toContain("Emma &amp; &lt;co&gt;");
  expect(response.text()).toContain("Jane Austen");
});

test("the search finds titles in any case", async () => {
  expect((await client.get("/", { query: { q: "EMMA" } })).text()).toContain("Emma");
  expect((await client.get("/", { query: { q: "dracula" } })).text()).toContain("No books.");
});

test("a book has a page, another number has none", async () => {
  expect(await client.get(`/books/${emma.id}/`)).toHaveStatus(200);
  expect(await client.get(`/books/${emma.id + 1}/`)).toHaveStatus(404);
});

test("the author's page awaits the books", async () => {
  const response = await client.get(`/authors/${emma.authorId}/`);
  expect(response.text()).toContain("Jane Austen (JA)");
  expect(response.text()).toContain("Emma");
});

test("the books are there as JSON", async () => {
  expect((await client.get("/api/books/")).json()).toEqual({
    books: [{ id: emma.id, title: "Emma & <co>", year: 1815, price: "9.50", author: "Jane Austen" }],
  });
});

test("each test starts without the rows of another", async () => {
  expect(await Book.objects.cheap().count()).toBe(1);
});
