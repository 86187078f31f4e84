import { describe, expect, test } from "vitest";
import { CircularDependencyError, ConflictingMigrations, NodeNotFoundError } from "../../src/exceptions.ts";
import { MigrationGraph } from "../../src/migrations/graph.ts";
import { migrationKey } from "../../src/migrations/migration.ts";
import { named } from "./states.ts";

describe("MigrationGraph", () => {
  test("puts each migration after all it depends on, the same way whatever the order of files", () => {
    const migrations = [
      named("blog.0001_initial", "users.0002_email"),
      named("users.0002_email", "users.0001_initial"),
      named("users.0001_initial"),
      named("admin.0001_initial", "blog.0001_initial"),
    ];
    const order = (list: typeof migrations) => new MigrationGraph(list).order.map(migrationKey);
    expect(order(migrations)).toEqual([
      "users.0001_initial",
      "users.0002_email",
      "blog.0001_initial",
      "admin.0001_initial",
    ]);
    expect(order(migrations.toReversed())).toEqual(order(migrations));
  });

  test("names both files of two migrations that come last, and what to write", () => {
    const graph = new MigrationGraph([
      named("blog.0001_initial"),
      named("blog.0002_a", "blog.0001_initial"),
      named("blog.0002_b", "blog.0001_initial"),
    ]);
    expect(() => graph.checkConflicts()).toThrow(ConflictingMigrations);
    expect(() => graph.leaf("blog")).toThrow(/0002_a and 0002_b in "blog" both come last/);
    expect(() => graph.leaf("blog")).toThrow(/\/project\/blog\/migrations\/0002_b\.ts/);
    expect(() => graph.leaf("blog")).toThrow(/Join them with: makemigrations blog --merge$/);
  });

  test("names every file of a ring", () => {
    const ring = [named("a.0001_x", "b.0001_y"), named("b.0001_y", "c.0001_z"), named("c.0001_z", "a.0001_x")];
    expect(() => new MigrationGraph(ring)).toThrow(CircularDependencyError);
    expect(() => new MigrationGraph(ring)).toThrow(
      /a\.0001_x → b\.0001_y → c\.0001_z → a\.0001_x.*\n {2}\/project\/a\/migrations\/0001_x\.ts\n {2}\/project\/b/,
    );
  });

  test("names the nearest migration where a dependency does not exist", () => {
    const migrations = [named("blog.0001_initial"), named("shop.0001_initial", "blog.0001_inital")];
    expect(() => new MigrationGraph(migrations)).toThrow(NodeNotFoundError);
    expect(() => new MigrationGraph(migrations)).toThrow(
      'Migration shop.0001_initial depends on blog.0001_inital, which does not exist. Did you mean "0001_initial"? ' +
        "Correct the dependencies in /project/shop/migrations/0001_initial.ts.",
    );
  });

  test("names the nearest app where a dependency's app has no migrations", () => {
    const migrations = [named("blog.0001_initial"), named("shop.0001_initial", "blogg.0001_initial")];
    expect(() => new MigrationGraph(migrations)).toThrow(
      /"blogg" were found; is it in installedApps\? Did you mean "blog"\?/,
    );
  });

  test("knows all that a migration needs, and all that needs it", () => {
    const [one, two, other, three] = [
      named("blog.0001_a"),
      named("blog.0002_b", "blog.0001_a"),
      named("shop.0001_a", "blog.0001_a"),
      named("shop.0002_b", "shop.0001_a", "blog.0002_b"),
    ];
    const graph = new MigrationGraph([one, two, other, three]);
    expect(graph.ancestors(two).map(migrationKey)).toEqual(["blog.0001_a", "blog.0002_b"]);
    expect(graph.descendants(two).map(migrationKey)).toEqual(["blog.0002_b", "shop.0002_b"]);
  });
});
