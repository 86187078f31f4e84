import { expect, test } from "vitest";
import { snippetsOf } from "../snippets.ts";

test("finds TypeScript blocks with their file, flags and place, and passes others over", () => {
  const page =
    "# A\n```sh\nls\n```\n\n```ts\n// blog/models.ts\nexport {};\n```\n```ts nocheck\nx\n```\n```html\n<p>\n```\n```html\n<!-- a/b.html -->\n```\n";
  expect(snippetsOf("a.md", page)).toEqual([
    { page: "a.md", line: 7, file: "blog/models.ts", flags: [], code: "// blog/models.ts\nexport {};\n" },
    { page: "a.md", line: 11, file: undefined, flags: ["nocheck"], code: "x\n" },
    { page: "a.md", line: 17, file: "a/b.html", flags: [], code: "<!-- a/b.html -->\n" },
  ]);
});

test("names a block that is not closed", () => {
  expect(() => snippetsOf("a.md", "```ts\nx")).toThrow("a.md:1: the block is not closed");
});
