import { onCommit } from "tsjango/db";
import { captureLogs, captureOnCommit, describe, expect, factory, test } from "tsjango/test";
import { beforeAll } from "vitest";
import { Author, Book, Link } from "../shop/models.ts";
import { failing } from "./failing.ts";

test("writes", async () => {
  await Author.objects.create({ name: "Emma" });
});
failing("expects what another test wrote", ["expected", "0"], async () => {
  expect(await Author.objects.count()).toBe(1);
});
failing(
  "leaves a row that refers to none",
  ['The test left rows that could not be committed to "default".', "shop_"],
  async () => {
    await Book.objects.create({ title: "Emma", authorId: 77 } as never);
  },
);
failing("waits for what comes after the commit", ["expected [] to deeply equal [ 'told' ]"], async () => {
  const told: string[] = [];
  await onCommit(() => told.push("told"));
  expect(told).toEqual(["told"]);
});
failing(
  "captures what is really committed",
  ["captureOnCommit needs a test that is rolled back;", 'Take the tag "transactional" off the test'],
  () => captureOnCommit(() => {}),
  { tags: ["transactional"] },
);
failing(
  "makes what needs another before it",
  ["A factory cannot make Link.next: each would need another before it (Link → Link)."],
  () => factory(Link).create(),
);
describe("outside of a test", () => {
  beforeAll(() => {
    captureLogs();
  });
  test("never runs", () => {});
});
