import { describe, expect, test } from "vitest";
import { checkName } from "../../src/scaffold/names.ts";
import { ScaffoldError } from "../../src/scaffold/scaffold-error.ts";

describe("checkName", () => {
  test.for(["mysite", "my_site", "blog2", "a"])("takes %s", (name) => {
    expect(() => checkName(name, "project")).not.toThrow();
  });
  test.for([
    ["MySite", /^"MySite" cannot be the name of a project: a name is lower-case letters.* Try "my_site"\.$/],
    ["my-site", /Try "my_site"\.$/],
    ["../evil", /Try "evil"\.$/],
    ["2nd", /starts with a letter\. Try "nd"\.$/],
    ["日本", /starts with a letter\.$/],
    ["", /starts with a letter\.$/],
    ["http", /"node:http" is a module of Node\. Take another, such as "my_http"\.$/],
    ["class", /"class" is a word of the language/],
    ["tsjango", /a project uses "tsjango" for something else/],
    ["test", /a project uses "test" for something else/],
    ["a".repeat(51), /it has 51 letters, and 50 are the most/],
  ] as const)("refuses %s with the reason", ([name, message]) => {
    expect(() => checkName(name, "project")).toThrow(message);
  });
  test("refuses with exit code 1, and says app of an app", () => {
    try {
      checkName("fs", "app");
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ScaffoldError);
      expect(error).toMatchObject({ exitCode: 1, message: expect.stringContaining("cannot be the name of an app") });
    }
  });
});
