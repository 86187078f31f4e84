import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apps, defineApp } from "@tsjango/kernel/apps";
import { configure, type Settings } from "@tsjango/kernel/conf";
import { beforeEach, expect, test } from "vitest";
import { findFixture, shownPath } from "../../src/serialization/fixture-file.ts";
import { projectDirectory } from "../migrations/project.ts";
import { use } from "../support/use.ts";

let base: string;

const write = (path: string) => {
  mkdirSync(join(base, path, ".."), { recursive: true });
  writeFileSync(join(base, path), "[]");
  return join(base, path);
};

beforeEach(async () => {
  base = realpathSync(use(projectDirectory()).path);
  const installed = ["blog", "shop"].map((name) => defineApp({ name, path: join(base, name) }));
  configure({ baseDir: base, installedApps: installed } as unknown as Settings);
  await apps.load(installed);
});

test("a fixture is found in the apps first, with or without its ending, or from the project's directory", () => {
  const inApp = write("shop/fixtures/authors.json");
  const module = write("blog/fixtures/deep/books.ts");
  const beside = write("data/authors.json");
  expect([findFixture("authors.json"), findFixture("authors"), findFixture("deep/books")]).toEqual([
    inApp,
    inApp,
    module,
  ]);
  expect([findFixture("data/authors.json"), findFixture(beside)]).toEqual([beside, beside]);
  expect([shownPath(inApp), shownPath(base), shownPath("/elsewhere/a.json")]).toEqual([
    "shop/fixtures/authors.json",
    ".",
    "/elsewhere/a.json",
  ]);
});

test("one that is missing, or could be either of two, is told in words", () => {
  write("shop/fixtures/a.json");
  expect(() => findFixture("b")).toThrow(
    `There is no fixture "b" (b.json, b.ts, b.js). Looked in shop/fixtures, ${base}.`.replace(base, "."),
  );
  write("blog/fixtures/a.json");
  expect(() => findFixture("a")).toThrow(
    `"a" may be blog/fixtures/a.json or shop/fixtures/a.json. Write the path from ${base}.`,
  );
  expect(findFixture("shop/fixtures/a.json")).toBe(join(base, "shop/fixtures/a.json"));
});
