import { describe, expect, test } from "vitest";
import { detectChanges, questionsOf } from "../../src/migrations/autodetector.ts";
import { MigrationGraph } from "../../src/migrations/graph.ts";
import type { NamedMigration } from "../../src/migrations/migration.ts";
import { partition } from "../../src/migrations/partition.ts";
import { replay, stateAfter } from "../../src/migrations/replay.ts";
import type { ProjectState } from "../../src/migrations/state.ts";
import { char, integer, key, model, named, state, summary } from "./states.ts";

function changes(from: ProjectState, to: ProjectState, graph = new MigrationGraph([])): NamedMigration[] {
  return partition(detectChanges(from, to), graph);
}

/** The migrations give the state they were made for, and nothing is left to detect. */
function expectComplete(from: ProjectState, to: ProjectState, migrations: readonly NamedMigration[]): void {
  const reached = migrations.reduce(stateAfter, from);
  expect(detectChanges(reached, to)).toEqual([]);
  expect(new Set(reached.models.keys())).toEqual(new Set(to.models.keys()));
}

const author = model("blog.Author", { name: char() });
const book = model("blog.Book", { title: char(), author: key("blog.Author") });

describe("detectChanges", () => {
  test("finds nothing between equal states", () => {
    expect(changes(state(author, book), state(author, book))).toEqual([]);
  });

  test("makes new models in the order of their foreign keys, in one migration", () => {
    const zebra = model("blog.Zebra", {});
    const ant = model("blog.Ant", { zebra: key("blog.Zebra") });
    const migrations = changes(state(), state(ant, zebra));
    expect(summary(migrations)).toEqual(["blog.0001_initial: Create model Zebra, Create model Ant"]);
    expect(migrations[0]).toMatchObject({ initial: true, dependencies: [] });
    expectComplete(state(), state(ant, zebra), migrations);
  });

  test("adds a foreign key that closes a ring when both tables are there, and what is on it after it", () => {
    const a = model("blog.A", { b: key("blog.B") });
    const b = model(
      "blog.B",
      { a: key("blog.A"), n: integer() },
      { indexes: [{ name: "b_a_idx", fields: ["a", "-n"] }] },
    );
    const migrations = changes(state(), state(a, b));
    expect(summary(migrations)).toEqual([
      "blog.0001_initial: Create model B, Create model A, Add field a to B, Create index b_a_idx on B",
    ]);
    expectComplete(state(), state(a, b), migrations);
  });

  test("keeps a foreign key to the model itself in its table", () => {
    const tree = model("blog.Tree", { parent: key("blog.Tree", { null: true }) });
    expect(summary(changes(state(), state(tree)))).toEqual(["blog.0001_initial: Create model Tree"]);
  });

  test("lets one app's migration depend on the other's", () => {
    const post = model("blog.Post", { user: key("users.User") });
    const user = model("users.User", { name: char() });
    const migrations = changes(state(), state(post, user));
    expect(summary(migrations)).toEqual([
      "users.0001_initial: Create model User",
      "blog.0001_initial: Create model Post",
    ]);
    expect(migrations[1]?.dependencies).toEqual([["users", "0001_initial"]]);
  });

  test("cuts two apps that wait for each other, at the ring only", () => {
    const a = model("a.Left", { b: key("b.Right") });
    const b = model("b.Right", {});
    const b2 = model("b.Second", { a: key("a.Left") });
    const migrations = changes(state(), state(a, b, b2));
    expect(summary(migrations)).toEqual([
      "b.0001_initial: Create model Right",
      "a.0001_initial: Create model Left",
      "b.0002_second: Create model Second",
    ]);
    expect(migrations[2]?.dependencies).toEqual([
      ["a", "0001_initial"],
      ["b", "0001_initial"],
    ]);
    // The graph refuses rings: this one stands.
    expect(new MigrationGraph(migrations).order).toHaveLength(3);
  });

  test("cuts a ring of foreign keys between two apps", () => {
    const a = model("a.Left", { b: key("b.Right") });
    const b = model("b.Right", { a: key("a.Left") });
    const migrations = changes(state(), state(a, b));
    expect(new MigrationGraph(migrations).order.length).toBe(migrations.length);
    expectComplete(state(), state(a, b), migrations);
  });

  test("depends on the last migration of an app whose model it uses", () => {
    const graph = new MigrationGraph([named("users.0001_initial"), named("users.0002_more", "users.0001_initial")]);
    const user = model("users.User", {});
    const post = model("blog.Post", { user: key("users.User") });
    expect(changes(state(user), state(user, post), graph)[0]?.dependencies).toEqual([["users", "0002_more"]]);
  });

  test("adds, removes and alters fields, removals first, and names the migration after them", () => {
    const graph = new MigrationGraph([named("blog.0001_initial")]);
    const after = model("blog.Book", { title: char(200), pages: integer({ null: true }) });
    const before = model("blog.Book", { title: char(100), author: char() });
    const migrations = changes(state(before), state(after), graph);
    expect(summary(migrations)).toEqual([
      "blog.0002_remove_book_author_book_pages_alter_book_title: " +
        "Remove field author from Book, Add field pages to Book, Alter field title on Book",
    ]);
    expect(migrations[0]).toMatchObject({ initial: false, dependencies: [["blog", "0001_initial"]] });
    expectComplete(state(before), state(after), migrations);
  });

  test("deletes the models that refer before those referred to, and breaks a ring first", () => {
    expect(summary(changes(state(author, book), state()))).toEqual([
      "blog.0001_initial: Delete model Book, Delete model Author",
    ]);
    const a = model("blog.A", { b: key("blog.B") });
    const b = model("blog.B", { a: key("blog.A") });
    const migrations = changes(state(a, b), state());
    expect(summary(migrations)).toEqual(["blog.0001_initial: Remove field b from A, Delete model B, Delete model A"]);
    expectComplete(state(a, b), state(), migrations);
  });

  test("removes the foreign key before the model it points to", () => {
    const bare = model("blog.Book", { title: char() });
    const migrations = changes(state(author, book), state(bare));
    expect(summary(migrations)).toEqual(["blog.0001_initial: Remove field author from Book, Delete model Author"]);
  });

  test("replaces an index or constraint that is not the same any more", () => {
    const old = {
      ...book,
      indexes: [{ name: "i", fields: ["title"] }],
      constraints: [{ name: "c", unique: ["title"] }],
    };
    const now = { ...book, indexes: [{ name: "i", fields: ["-title"] }], constraints: [] };
    const migrations = changes(state(author, old), state(author, now));
    expect(migrations[0]?.operations.map((each) => each.description)).toEqual([
      "Remove constraint c from Book",
      "Remove index i from Book",
      "Create index i on Book",
    ]);
    expectComplete(state(author, old), state(author, now), migrations);
  });

  test("drops a table before another model takes its name", () => {
    const novel = model("blog.Novel", {}, { dbTable: "blog_author" });
    expect(summary(changes(state(author), state(novel)))).toEqual([
      "blog.0001_initial: Delete model Author, Create model Novel",
    ]);
  });

  test("gives the same migrations whatever the order of models", () => {
    const models = [book, author, model("shop.Order", { book: key("blog.Book") }), model("blog.Tag", {})];
    const forwards = changes(state(), state(...models));
    const backwards = changes(state(), state(...models.toReversed()));
    expect(summary(backwards)).toEqual(summary(forwards));
  });
});

describe("questionsOf", () => {
  test("asks for fields that leave rows without a value, and for no others", () => {
    const before = model("blog.Book", { a: integer({ null: true }), b: integer({ null: true }) });
    const after = model("blog.Book", {
      a: integer(),
      b: integer({ default: 1 }),
      c: integer(),
      d: integer({ null: true }),
      e: integer({ default: 0 }),
      f: { kind: "dateTime", options: { autoNowAdd: true } },
    });
    expect(questionsOf(state(before), state(after)).map((each) => [each.key, each.change])).toEqual([
      ["blog.Book.c", "added"],
      ["blog.Book.a", "altered"],
    ]);
  });

  test("puts an answer into the operation, not into the field", () => {
    const before = model("blog.Book", {});
    const after = model("blog.Book", { pages: integer() });
    const [change] = detectChanges(state(before), state(after), new Map([["blog.Book.pages", 0]]));
    expect(change?.operation.call).toEqual(["addField", "Book", "pages", integer(), { fill: 0 }]);
    expect(detectChanges(replay([]).with(after), state(after))).toEqual([]);
  });
});
