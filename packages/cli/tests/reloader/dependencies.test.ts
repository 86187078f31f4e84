import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { isDependency } from "../../src/reloader/dependencies.ts";

const SOURCES = pathToFileURL(resolve(import.meta.dirname, "../../../core/src/http/index.ts")).href;

test.each([
  ["file:///site/node_modules/zod/index.js", true],
  ["file:///node_modules/zod/index.js", true],
  ["file:///store/zod@4/node_modules/zod/index.js", true],
  [SOURCES, true],
  ["file:///site/mysite/views.ts", false],
  ["file:///site/node_modules.ts", false],
  // A package of the same workspace: its link is in node_modules, its files are not.
  ["file:///workspace/shared/index.ts", false],
  ["node:fs", false],
  ["data:text/javascript,1", false],
])("%s is a dependency of /site: %s", (url, expected) => expect(isDependency(url, "/site")).toBe(expected));

test("a project below a directory named node_modules is no dependency of itself", () => {
  expect(isDependency("file:///a/node_modules/site/views.ts", "/a/node_modules/site")).toBe(false);
  expect(isDependency("file:///a/node_modules/site/node_modules/x/i.js", "/a/node_modules/site")).toBe(true);
});
