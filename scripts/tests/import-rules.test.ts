import { describe, expect, test } from "vitest";
import { checkImports } from "../import-rules.ts";

function check(files: Record<string, string>): string[] {
  return checkImports(new Map(Object.entries(files)));
}

describe("checkImports", () => {
  test("lets values come from lower levels, and types from anywhere", () => {
    expect(
      check({
        "packages/kernel/src/conf/a.ts": `import { x } from "../exceptions.ts"; import type { B } from "../apps/b.ts"; export const y = x as B;`,
        "packages/kernel/src/exceptions.ts": "export const x = 1;",
        "packages/kernel/src/apps/b.ts": `import { y } from "../conf/a.ts"; export type B = typeof y;`,
      }),
    ).toEqual([]);
  });
  test("refuses a value from a higher level, also behind an inline type", () => {
    const apps = { "packages/kernel/src/apps/b.ts": "export const b = 1; export type B = 1;" };
    expect(check({ ...apps, "packages/kernel/src/conf/a.ts": `import { b } from "../apps/b.ts";` })).toEqual([
      expect.stringContaining("higher level"),
    ]);
    expect(check({ ...apps, "packages/kernel/src/conf/a.ts": `export { type B } from "../apps/b.ts";` })).toEqual([
      expect.stringContaining("higher level"),
    ]);
  });
  test("refuses an arrow between packages that the layout does not have", () => {
    expect(check({ "packages/orm/src/sql/a.ts": `import { path } from "@tsjango/core/urls";` })).toEqual([
      "packages/orm/src/sql/a.ts:1: orm may not import core",
    ]);
    expect(check({ "packages/server/src/a.ts": `import { View } from "@tsjango/core/views";` })).toEqual([
      expect.stringContaining("only @tsjango/core/asgi"),
    ]);
    expect(check({ "packages/orm/src/http/a.ts": `import type { V } from "@tsjango/core/views";` })).toEqual([]);
  });
  test("finds a cycle of modules and one of folders", () => {
    const cycle = check({
      "packages/server/src/a.ts": `import { b } from "./b.ts"; export const a = 1;`,
      "packages/server/src/b.ts": `import { a } from "./a.ts"; export const b = 1;`,
    });
    expect(cycle).toEqual([expect.stringMatching(/^import cycle: .*a\.ts → .*b\.ts → .*a\.ts$/)]);
    const folders = check({
      "packages/server/src/x/a.ts": `import { b } from "../y/b.ts";`,
      "packages/server/src/y/b.ts": "export const b = 1;",
      "packages/server/src/y/c.ts": `import { d } from "../x/d.ts";`,
      "packages/server/src/x/d.ts": "export const d = 1;",
    });
    expect(folders).toEqual(["import cycle: packages/server/src/x → packages/server/src/y → packages/server/src/x"]);
  });
  test("names a missing extension, a bare built-in, and a library outside its room", () => {
    expect(
      check({ "packages/orm/src/query/a.ts": `import "./b"; import fs from "fs"; import { Kysely } from "kysely";` }),
    ).toEqual([
      expect.stringContaining("full extension"),
      expect.stringContaining('"node:fs"'),
      expect.stringContaining("kysely may be imported only by"),
    ]);
  });
});
