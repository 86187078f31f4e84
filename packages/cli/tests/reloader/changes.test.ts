import { expect, test } from "vitest";
import { changeKind, describeChange } from "../../src/reloader/changes.ts";

const REREAD = ["/site/books/templates", "/site/books/static"];

test.each([
  [["/site/books/views.ts"], "restart"],
  [["/site/.env"], "restart"],
  [["/site/books/templates/books/index.html"], "reload"],
  [["/site/books/static/style.css", "/site/books/templates/a.html"], "reload"],
  [["/site/books/static/style.css", "/site/books/views.ts"], "restart"],
  [["/site/books/templates.ts"], "restart"],
  [["/site/books/views.ts", "/site/package.json"], "cold"],
  [["/site/package-lock.json"], "cold"],
] as const)("%j: %s", (files, kind) => expect(changeKind(files, REREAD)).toBe(kind));

test("a template that is not read again needs a restart", () => {
  expect(changeKind(["/site/books/templates/books/index.html"], [])).toBe("restart");
});

test("a change is named by its first file", () => {
  expect(describeChange("/site", ["/site/books/views.ts"])).toBe("books/views.ts");
  expect(describeChange("/site", ["/site/a.ts", "/site/b.ts", "/site/c.ts"])).toBe("a.ts and 2 more");
});
