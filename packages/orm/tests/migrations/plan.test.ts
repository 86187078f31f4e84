import { describe, expect, test } from "vitest";
import { BadMigrationError, InconsistentMigrationHistory } from "../../src/exceptions.ts";
import { MigrationGraph } from "../../src/migrations/graph.ts";
import { migrationKey } from "../../src/migrations/migration.ts";
import { checkHistory, checkNotAhead, makePlan, type Target } from "../../src/migrations/plan.ts";
import { named } from "./states.ts";

const graph = new MigrationGraph([
  named("users.0001_initial"),
  named("users.0002_email", "users.0001_initial"),
  named("blog.0001_initial", "users.0001_initial"),
  named("blog.0002_pages", "blog.0001_initial", "users.0002_email"),
]);
const all = graph.order.map(migrationKey);

function plan(applied: readonly string[], target?: Target): string[] {
  return makePlan(graph, new Set(applied), target).map(
    ({ migration, direction }) => `${direction === "forwards" ? "+" : "-"}${migrationKey(migration)}`,
  );
}

describe("makePlan", () => {
  test("goes to the end of every app", () => {
    expect(plan(["users.0001_initial"])).toEqual(["+blog.0001_initial", "+users.0002_email", "+blog.0002_pages"]);
    expect(plan(all)).toEqual([]);
  });

  test("goes to the end of one app with what it needs, and no further", () => {
    expect(plan([], { app: "users" })).toEqual(["+users.0001_initial", "+users.0002_email"]);
    expect(plan([], { app: "blog", migration: "0001" })).toEqual(["+users.0001_initial", "+blog.0001_initial"]);
  });

  test("goes back to a migration, and takes back what needs the later ones", () => {
    expect(plan(all, { app: "users", migration: "0001_initial" })).toEqual(["-blog.0002_pages", "-users.0002_email"]);
    expect(plan(all, { app: "blog", migration: "0001" })).toEqual(["-blog.0002_pages"]);
  });

  test("takes back everything of an app with zero", () => {
    expect(plan(all, { app: "users", migration: "zero" })).toEqual([
      "-blog.0002_pages",
      "-users.0002_email",
      "-blog.0001_initial",
      "-users.0001_initial",
    ]);
    expect(plan([], { app: "blog", migration: "zero" })).toEqual([]);
  });

  test("names the nearest migration, or those that a beginning leaves open", () => {
    expect(() => plan([], { app: "blog", migration: "0002_page" })).not.toThrow();
    expect(() => plan([], { app: "blog", migration: "0002_pagse" })).toThrow(BadMigrationError);
    expect(() => plan([], { app: "blog", migration: "0002_pagse" })).toThrow(
      '"blog" has no migration "0002_pagse". Did you mean "0002_pages"? It has: 0001_initial, 0002_pages; or "zero"',
    );
    expect(() => plan([], { app: "blog", migration: "000" })).toThrow(
      'Several migrations of "blog" begin with "000": 0001_initial, 0002_pages.',
    );
  });
});

test("checkHistory names a migration that is applied before what it depends on", () => {
  const check = (...applied: string[]) => checkHistory(graph, new Set(applied), "default");
  expect(() => check("users.0001_initial", "blog.0001_initial")).not.toThrow();
  expect(() => check("blog.0001_initial")).toThrow(InconsistentMigrationHistory);
  expect(() => check("blog.0001_initial")).toThrow(
    /blog\.0001_initial is applied to the database "default" before its dependency users\.0001_initial/,
  );
});

test("checkNotAhead names migrations that only the database knows, of installed apps alone", () => {
  const applied = new Set([...all, "blog.0003_later", "gone.0001_initial"]);
  const check = () => checkNotAhead(graph, applied, new Set(["blog", "users"]), "default");
  expect(check).toThrow(InconsistentMigrationHistory);
  expect(check).toThrow(/"default" is ahead of this code: blog\.0003_later is applied.*migrate blog --prune/);
});
