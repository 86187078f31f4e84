import { UsageError } from "@tsjango/kernel/exceptions";
import { expect, test } from "vitest";
import type { FieldQuestion } from "../../src/migrations/detect-fields.ts";
import { fillValue } from "../../src/migrations/fill-value.ts";
import { answerQuestions, parseDefaults } from "../../src/migrations/questioner.ts";
import type { FieldState } from "../../src/migrations/state.ts";
import { char, integer, key } from "./states.ts";

const pages: FieldQuestion = { key: "blog.Book.pages", field: integer(), change: "added" };
const title: FieldQuestion = { key: "blog.Book.title", field: char(), change: "altered" };

test("names every field without a value, and the ways out, where nobody can be asked", async () => {
  const failing = answerQuestions([pages, title], new Map(), undefined);
  await expect(failing).rejects.toThrow(UsageError);
  await expect(failing).rejects.toMatchObject({ exitCode: 2 });
  await expect(failing).rejects.toThrow(
    "Rows that exist would have no value:\n" +
      "  blog.Book.pages is new and may not be null, and has no default\n" +
      "  blog.Book.title may not be null any more, and has no default\n" +
      "Give each a default in the model, or null: true, or a value for the existing rows: " +
      "makemigrations --default blog.Book.pages=0",
  );
});

test("takes given values, and asks for the others", async () => {
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return " none ";
  };
  const answers = await answerQuestions([pages, title], new Map([["blog.Book.pages", "7"]]), ask);
  expect(Object.fromEntries(answers)).toEqual({ "blog.Book.pages": 7, "blog.Book.title": "none" });
  expect(asked).toEqual([
    expect.stringMatching(/^blog\.Book\.title may not be null any more: what should existing rows have\?/),
  ]);
});

test("stops when the answer is nothing", async () => {
  await expect(answerQuestions([pages], new Map(), async () => "")).rejects.toThrow(/Nothing was written/);
});

test("refuses a value for a field that needs none, naming the nearest", async () => {
  const given = new Map([["blog.Book.page", "1"]]);
  await expect(answerQuestions([pages], given, undefined)).rejects.toThrow(
    '--default blog.Book.page=… answers no question. Did you mean "blog.Book.pages"? Fields that need one: blog.Book.pages.',
  );
});

test("reads pairs whose values may have commas", () => {
  expect(Object.fromEntries(parseDefaults('blog.Book.pages=0,blog.Book.title=a, b and "c",blog.Book.ok=true'))).toEqual(
    {
      "blog.Book.pages": "0",
      "blog.Book.title": 'a, b and "c"',
      "blog.Book.ok": "true",
    },
  );
  expect(() => parseDefaults("pages=0")).toThrow(
    /takes APP\.MODEL\.FIELD=VALUE, such as blog\.Book\.pages=0; found "pages=0"/,
  );
});

test.each<[FieldState, string, unknown]>([
  [integer(), "978", 978],
  [char(), "978", "978"],
  [char(), '"978"', "978"],
  [{ kind: "boolean", options: {} }, "true", true],
  [{ kind: "bigInteger", options: {} }, "12", 12],
  [{ kind: "decimal", options: { maxDigits: 6, decimalPlaces: 2 } }, "9.50", "9.50"],
  [{ kind: "date", options: {} }, "2026-11-21", "2026-11-21"],
  [{ kind: "dateTime", options: {} }, "2026-11-21T10:00:00Z", new Date("2026-11-21T10:00:00Z")],
  [{ kind: "json", options: {} }, "[1]", [1]],
  [key("blog.Author"), "1", 1],
])("reads a typed value as its field takes it: %j %s", (field, text, value) => {
  expect(fillValue("blog.Book.x", field, text)).toEqual(value);
});

test("says what a field takes when a typed value is none", async () => {
  const failing = answerQuestions([pages], new Map([["blog.Book.pages", "many"]]), undefined);
  await expect(failing).rejects.toThrow(UsageError);
  await expect(failing).rejects.toThrow(/^blog\.Book\.pages takes a whole number from .*; found string 'many'\.$/);
  expect(() => fillValue("blog.Book.pages", integer(), "null")).toThrow(UsageError);
});
