import { describe, expect, test } from "vitest";
import { openDatabase } from "../../src/connections.ts";
import { BadMigrationError, MigrationFailed } from "../../src/exceptions.ts";
import { detectChanges } from "../../src/migrations/autodetector.ts";
import { runStep, statementsOf } from "../../src/migrations/executor.ts";
import { MigrationGraph } from "../../src/migrations/graph.ts";
import {
  addConstraint,
  addConstraintNotValid,
  addField,
  addIndex,
  addIndexConcurrently,
  alterField,
  createCollation,
  createExtension,
  createModel,
  fields,
  migration,
  removeIndexConcurrently,
  renameField,
  runCode,
  runSql,
  separateDatabaseAndState,
  validateConstraint,
} from "../../src/migrations/index.ts";
import { findingLine, lint } from "../../src/migrations/lint.ts";
import type { NamedMigration } from "../../src/migrations/migration.ts";
import { planOnline } from "../../src/migrations/online-plan.ts";
import type { Operation } from "../../src/migrations/operations/operation.ts";
import { partition } from "../../src/migrations/partition.ts";
import { appliedMigrations } from "../../src/migrations/recorder.ts";
import { replay, stateAfter } from "../../src/migrations/replay.ts";
import { ProjectState } from "../../src/migrations/state.ts";
import { use } from "../support/use.ts";
import { describeDatabases } from "./all-databases.ts";
import { actualTables, expectedTables } from "./databases.ts";

const id = fields.auto({ primaryKey: true });
const reference = fields.foreignKey("blog.Author", { null: true, onDelete: "setNull" });
const author = createModel("Author", { fields: { id, name: fields.char({ maxLength: 100 }) } });
const book = createModel("Book", {
  fields: { id, title: fields.char({ maxLength: 100 }), pages: fields.integer({ null: true }) },
});

function named(name: string, operations: readonly Operation[], atomic = true): NamedMigration {
  return { ...migration({ operations, atomic }), app: "blog", name, file: `blog/migrations/${name}.ts` };
}

const first = named("0001", [author, book]);
const start = stateAfter(new ProjectState(), first);

/** What locks tables when it is done at once. */
const slow = [
  addField("Book", "author", reference),
  addIndex("Book", { name: "title_idx", fields: ["title"] }),
  alterField("Book", "pages", fields.integer({ unique: true }), { fill: 7 }),
  addConstraint("Book", { name: "pages_positive", check: { pages__gt: 0 } }),
];
const online = named("0002", slow, false);

describeDatabases("a migration that is not atomic", ({ open, vendor }) => {
  test("ends in the same tables, and goes back", async () => {
    const { backend } = use(await open());
    await runStep({ migration: first, direction: "forwards" }, new ProjectState(), { backend });
    await backend.execute("INSERT INTO blog_book (title) VALUES ('Emma')");
    expect(await runStep({ migration: online, direction: "forwards" }, start, { backend })).toBe(true);
    expect(await runStep({ migration: online, direction: "forwards" }, start, { backend })).toBe(false);
    expect(await actualTables(backend)).toEqual(expectedTables(stateAfter(start, online), backend));
    expect((await backend.execute("SELECT pages FROM blog_book")).rows.map(([pages]) => Number(pages))).toEqual([7]);
    await runStep({ migration: online, direction: "backwards" }, start, { backend });
    expect(await actualTables(backend)).toEqual(expectedTables(start, backend));
    expect(await appliedMigrations(backend)).toHaveLength(1);
  });

  test("goes on where it stopped, and does nothing twice", async () => {
    const { backend } = use(await open());
    await runStep({ migration: first, direction: "forwards" }, new ProjectState(), { backend });
    const count = runSql({ forwards: "INSERT INTO blog_author (name) VALUES ('once')", backwards: [] });
    let fails = true;
    const failing = runCode({
      forwards: async () => {
        if (fails) throw new Error("the power is gone");
      },
    });
    const parts = named("0002", [count, ...slow.slice(0, 2), failing, ...slow.slice(2)], false);
    const run = () => runStep({ migration: parts, direction: "forwards" }, start, { backend });
    await expect(run()).rejects.toThrow(MigrationFailed);
    await expect(run()).rejects.toThrow(
      /^blog\.0002 could not be applied: the power is gone\. The parts before it stand; migrate goes on from there\./,
    );
    expect(await appliedMigrations(backend)).toHaveLength(1);
    await expect(
      runStep({ migration: { ...parts, operations: slow }, direction: "backwards" }, start, { backend }),
    ).rejects.toThrow(/blog\.0002 was left half-way when it was applied\. Let that end first: migrate blog 0002/);
    fails = false;
    expect(await run()).toBe(true);
    expect(await actualTables(backend)).toEqual(expectedTables(stateAfter(start, parts), backend));
    expect((await backend.execute("SELECT name FROM blog_author")).rows).toEqual([["once"]]);
  });

  test("is applied once by three that begin at the same time", async () => {
    const { backend } = use(await open());
    await runStep({ migration: first, direction: "forwards" }, new ProjectState(), { backend });
    const runs = [1, 2, 3].map(() => runStep({ migration: online, direction: "forwards" }, start, { backend }));
    const done = await Promise.all(runs);
    expect(done).toContain(true);
    expect(await actualTables(backend)).toEqual(expectedTables(stateAfter(start, online), backend));
    expect(await appliedMigrations(backend)).toHaveLength(2);
  });

  test("operations of PostgreSQL's own: concurrent indexes, checks validated later, extensions, collations", async () => {
    const { backend } = use(await open());
    const index = { name: "title_idx", fields: ["title"] };
    const check = { name: "pages_positive", check: { pages__gt: 0 } };
    const steps = [
      first,
      named("0002", [addIndexConcurrently("Book", index)], false),
      named("0003", [addConstraintNotValid("Book", check), createExtension("citext")]),
      named("0004", [validateConstraint("Book", "pages_positive"), createCollation("german", { locale: "de" })]),
      named("0005", [removeIndexConcurrently("Book", "title_idx")], false),
    ];
    let state = new ProjectState();
    const states: ProjectState[] = [];
    for (const each of steps) {
      states.push(state);
      await runStep({ migration: each, direction: "forwards" }, state, { backend });
      state = stateAfter(state, each);
      expect(await actualTables(backend)).toEqual(expectedTables(state, backend));
    }
    for (const [position, each] of [...steps.entries()].reverse()) {
      await runStep({ migration: each, direction: "backwards" }, states[position]!, { backend });
      expect(await actualTables(backend)).toEqual(expectedTables(states[position]!, backend));
    }
    const atomic = named("0002", [addIndexConcurrently("Book", index)]);
    await runStep({ migration: first, direction: "forwards" }, new ProjectState(), { backend });
    const run = runStep({ migration: atomic, direction: "forwards" }, start, { backend });
    if (vendor === "sqlite") expect(await run).toBe(true);
    else {
      await expect(run).rejects.toThrow(BadMigrationError);
      await expect(runStep({ migration: atomic, direction: "forwards" }, start, { backend })).rejects.toThrow(
        'addIndexConcurrently("Book", …) cannot run in a transaction. Write atomic: false in its migration',
      );
    }
  });

  test("tables and models are changed separately where a migration says so", async () => {
    const { backend } = use(await open());
    const rename = renameField("Book", "title", "name");
    const moved = named("0002", [
      separateDatabaseAndState({
        database: [
          runSql({
            forwards: 'ALTER TABLE blog_book RENAME COLUMN title TO "name"',
            backwards: 'ALTER TABLE blog_book RENAME COLUMN "name" TO title',
          }),
        ],
        state: [rename],
      }),
    ]);
    const table = named("0003", [
      separateDatabaseAndState({ database: [addIndex("Book", { name: "name_idx", fields: ["name"] })] }),
    ]);
    await runStep({ migration: first, direction: "forwards" }, new ProjectState(), { backend });
    await runStep({ migration: moved, direction: "forwards" }, start, { backend });
    const after = stateAfter(start, moved);
    expect(await actualTables(backend)).toEqual(expectedTables(after, backend));
    await runStep({ migration: table, direction: "forwards" }, after, { backend });
    expect(stateAfter(after, table)).toEqual(after);
    const found = (await actualTables(backend)) as { name: string; indexes: { name: string }[] }[];
    expect(found[1]?.indexes.map(({ name }) => name)).toEqual(["name_idx"]);
    await runStep({ migration: table, direction: "backwards" }, after, { backend });
    await runStep({ migration: moved, direction: "backwards" }, start, { backend });
    expect(await actualTables(backend)).toEqual(expectedTables(start, backend));
  });

  if (vendor === "sqlite") return;
  test("waits for a locked table a little while, and tries again", async () => {
    const { backend } = use(await open());
    await runStep({ migration: first, direction: "forwards" }, new ProjectState(), { backend });
    const other = await backend.connect();
    await other.execute("BEGIN");
    await other.execute("LOCK TABLE blog_book IN ACCESS EXCLUSIVE MODE");
    const retries: number[] = [];
    const add = named("0002", [addField("Book", "isbn", fields.text({ null: true }))]);
    const run = (attempts: number) =>
      runStep({ migration: add, direction: "forwards" }, start, {
        backend,
        patience: {
          lockTimeout: 50,
          attempts,
          onRetry: (attempt) => {
            retries.push(attempt);
            if (attempts > 2) void other.execute("ROLLBACK");
          },
        },
      });
    await expect(run(2)).rejects.toThrow(
      /canceling statement due to lock timeout: .*\. Nothing of it is left.*longer than the 50 ms of --lock-timeout, 2 times/,
    );
    expect(await run(5)).toBe(true);
    expect(retries).toEqual([1, 1]);
    other.release();
  });
});

const postgres = openDatabase("plan", { url: "postgres:" });
const sqlite = openDatabase("plan", { url: "sqlite::memory:" });

describe("what is dangerous", () => {
  test("is named with the safe way, on PostgreSQL", async () => {
    const removed = partition(detectChanges(start, replay([named("0001", [author])])), new MigrationGraph([]));
    const unique = fields.char({ maxLength: 9, unique: true });
    const cases: [Operation, RegExp][] = [
      [slow[0]!, /W005.*nobody can write to blog_book and blog_author while all rows are checked/],
      [slow[1]!, /W004.*nobody can write to blog_book while the index title_idx is built.*--online/],
      [slow[2]!, /W007.*nobody can use blog_book while all rows are looked at for nulls in pages/],
      [slow[3]!, /W006.*nobody can use blog_book while all rows are looked at for pages_positive/],
      [removed[0]!.operations[0]!, /W001.*deletes what is stored there.*First release the code without it/],
      [renameField("Book", "title", "name"), /W002.*knows only the old name/],
      [addField("Book", "isbn", fields.integer({ default: 0 })), /W003.*it gives no isbn.*null: true/],
      [alterField("Book", "title", fields.char({ maxLength: 50 })), /W008.*changes from varchar\(100\)/],
      [addField("Book", "isbn", unique, { fill: "x" }), /W009.*every row gets the same isbn/],
      [runSql({ forwards: "SELECT 1" }), /W010.*cannot be taken back/],
    ];
    for (const [operation, expected] of cases) {
      const findings = await lint(named("0002", [operation]), start, postgres);
      expect(findings.map((each) => `${each.id} ${findingLine(each)}`).join("\n")).toMatch(expected);
    }
    const mixed = named("0002", [
      addField("Book", "a", fields.text({ null: true })),
      runSql({ forwards: "SELECT 1", backwards: [] }),
    ]);
    expect((await lint(mixed, start, postgres)).map(({ id }) => id)).toEqual(["migrations.W011"]);
  });

  test("is neither a table that is new, nor what is done online, nor what a file has no users for", async () => {
    const made = named("0001", [author, book, ...slow]);
    expect(await lint(made, new ProjectState(), postgres)).toEqual([]);
    expect(await lint(named("0002", slow, false), start, postgres)).toEqual([]);
    expect(await lint(named("0002", [slow[0]!, slow[1]!, slow[3]!]), start, sqlite)).toEqual([]);
    const wider = named("0002", [alterField("Book", "title", fields.text())]);
    expect(await lint(wider, start, postgres)).toEqual([]);
  });

  test("is planned in migrations of its own with --online", async () => {
    const mixed = named("0002_changes", [addField("Book", "isbn", fields.text({ null: true })), ...slow]);
    const next = { ...named("0003_more", []), dependencies: [["blog", "0002_changes"]] as const };
    const planned = await planOnline([mixed, next], start);
    expect(
      planned.map(({ name, atomic, operations, dependencies }) => [name, atomic, operations.length, dependencies]),
    ).toEqual([
      ["0002_changes", true, 1, []],
      ["0003_changes_online", false, 4, [["blog", "0002_changes"]]],
      ["0004_more", true, 0, [["blog", "0003_changes_online"]]],
    ]);
    const statements = await statementsOf({ migration: online, direction: "forwards" }, start, { backend: postgres });
    const kinds = statements.join("\n");
    expect(kinds).toMatch(
      /ADD CONSTRAINT ".*_fk" FOREIGN KEY \("author_id"\) REFERENCES .* NOT VALID;\nALTER TABLE .* VALIDATE CONSTRAINT/,
    );
    expect(kinds).toMatch(/DROP INDEX CONCURRENTLY IF EXISTS "title_idx";\nCREATE INDEX CONCURRENTLY "title_idx"/);
    expect(kinds).toMatch(
      /CHECK \("pages" IS NOT NULL\) NOT VALID;\nDO [\s\S]*VALIDATE CONSTRAINT[\s\S]*SET NOT NULL;\nALTER TABLE "blog_book" DROP CONSTRAINT/,
    );
    expect(kinds).toMatch(/CREATE UNIQUE INDEX CONCURRENTLY "blog_book_pages_/);
    expect(kinds).toMatch(
      /CHECK \("pages" > 0\) NOT VALID;\nALTER TABLE "blog_book" VALIDATE CONSTRAINT "pages_positive"/,
    );
  });
});
