import { UsageError } from "@tsjango/kernel/exceptions";
import { expect, test } from "vitest";
import type { FieldQuestion } from "../../src/migrations/detect-fields.ts";
import { answerQuestions, parseDefaults } from "../../src/migrations/questioner.ts";
import { char, integer } from "./states.ts";

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
  const answers = await answerQuestions([pages, title], new Map([["blog.Book.pages", 7]]), ask);
  expect(Object.fromEntries(answers)).toEqual({ "blog.Book.pages": 7, "blog.Book.title": "none" });
  expect(asked).toEqual([
    expect.stringMatching(/^blog\.Book\.title may not be null any more: what should existing rows have\?/),
  ]);
});

test("stops when the answer is nothing", async () => {
  await expect(answerQuestions([pages], new Map(), async () => "")).rejects.toThrow(/Nothing was written/);
});

test("refuses a value for a field that needs none, naming the nearest", async () => {
  const given = new Map([["blog.Book.page", 1]]);
  await expect(answerQuestions([pages], given, undefined)).rejects.toThrow(
    '--default blog.Book.page=… answers no question. Did you mean "blog.Book.pages"? Fields that need one: blog.Book.pages.',
  );
});

test("reads values as JSON, or as texts", () => {
  expect(Object.fromEntries(parseDefaults('blog.Book.pages=0,blog.Book.title=a, b and "c",blog.Book.ok=true'))).toEqual(
    {
      "blog.Book.pages": 0,
      "blog.Book.title": 'a, b and "c"',
      "blog.Book.ok": true,
    },
  );
  expect(() => parseDefaults("pages=0")).toThrow(
    /takes APP\.MODEL\.FIELD=VALUE, such as blog\.Book\.pages=0; found "pages=0"/,
  );
});
