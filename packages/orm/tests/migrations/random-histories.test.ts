import { expect, test } from "vitest";
import type { Backend } from "../../src/backends/base/backend.ts";
import { detectChanges } from "../../src/migrations/autodetector.ts";
import { runStep } from "../../src/migrations/executor.ts";
import { MigrationGraph } from "../../src/migrations/graph.ts";
import { fields } from "../../src/migrations/index.ts";
import type { NamedMigration } from "../../src/migrations/migration.ts";
import { defaultTable } from "../../src/migrations/operations/models.ts";
import { partition } from "../../src/migrations/partition.ts";
import { stateAfter } from "../../src/migrations/replay.ts";
import { type FieldState, type ModelState, modelKey, ProjectState, sortedModels } from "../../src/migrations/state.ts";
import { use } from "../support/use.ts";
import { describeDatabases } from "./all-databases.ts";
import { actualTables, expectedTables } from "./databases.ts";

const CASES = Number(process.env["TSJANGO_MIGRATION_CASES"] ?? 25);
const KEYS = ["a.Ant", "a.Bee", "b.Cat", "b.Dog"];

type Random = (below: number) => number;

/** A generator that gives the same numbers for the same seed (mulberry32). */
function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A state of some of four models; every field is null or has a default, so that any change has a way back. */
function randomState(random: Random): ProjectState {
  const chance = (percent: number) => random(100) < percent;
  const keys = KEYS.filter(() => chance(75));
  const models = keys.map((key): ModelState => {
    const [app, name] = key.split(".") as [string, string];
    const nullOr = (value: unknown) => (chance(50) ? { null: true } : { default: value });
    const pool: Record<string, () => FieldState> = {
      title: () => fields.char({ maxLength: chance(50) ? 50 : 80, ...nullOr("x") }),
      count: () => fields.positiveInteger({ ...nullOr(3), dbIndex: chance(30) }),
      price: () => fields.decimal({ maxDigits: 9, decimalPlaces: chance(50) ? 2 : 3, ...nullOr("1.50") }),
      slug: () => fields.slug({ null: true, unique: chance(50), dbIndex: chance(50) }),
      open: () => fields.boolean(nullOr(true)),
      at: () => fields.dateTime({ null: chance(50), autoNowAdd: true }),
      one: () => fields.foreignKey(keys[random(keys.length)]!, { null: true, onDelete: "setNull" }),
      two: () => fields.oneToOne(keys[random(keys.length)]!, { null: true, onDelete: "cascade" }),
    };
    const chosen = Object.entries(pool).filter(() => chance(60));
    const own = Object.fromEntries(chosen.map(([field, make]) => [field, make()]));
    const has = (field: string) => Object.hasOwn(own, field);
    return {
      app,
      name,
      dbTable: chance(85) ? defaultTable(app, name) : `other_${name.toLowerCase()}`,
      managed: true,
      fields: { id: fields.auto({ primaryKey: true }), ...own },
      indexes: [
        ...(has("title") && has("one") && chance(50)
          ? [{ name: `${name}_idx`, fields: chance(50) ? ["title", "-one"] : ["-title", "one"] }]
          : []),
      ],
      constraints: [
        ...(has("count") && chance(50) ? [{ name: `${name}_check`, check: { count__lt: 1000 + random(2) } }] : []),
        ...(has("slug") && has("open") && chance(40)
          ? [{ name: `${name}_uniq`, unique: ["slug"], where: { open: true } }]
          : []),
      ],
    };
  });
  return new ProjectState(models);
}

function migrationsBetween(from: ProjectState, to: ProjectState): NamedMigration[] {
  const migrations = partition(detectChanges(from, to), new MigrationGraph([]));
  // What the graph refuses, nobody could apply.
  expect(new MigrationGraph(migrations).order).toHaveLength(migrations.length);
  return migrations;
}

async function forwards(backend: Backend, state: ProjectState, migrations: readonly NamedMigration[]) {
  let before = state;
  for (const migration of migrations) {
    await runStep({ migration, direction: "forwards" }, before, { backend });
    before = stateAfter(before, migration);
  }
}

async function backwards(backend: Backend, state: ProjectState, migrations: readonly NamedMigration[]) {
  const states = [state];
  for (const each of migrations) states.push(stateAfter(states.at(-1)!, each));
  for (const [index, migration] of [...migrations.entries()].reverse()) {
    await runStep({ migration, direction: "backwards" }, states[index]!, { backend });
  }
}

/** Migrations of one history have names of their own. */
function numbered(migrations: readonly NamedMigration[], part: string): NamedMigration[] {
  return migrations.map((each) => ({ ...each, name: `${part}_${each.name}` }));
}

async function insertRows(backend: Backend, state: ProjectState): Promise<void> {
  for (const model of sortedModels(state)) {
    const values: Record<string, string> = { id: "7" };
    if (model.fields["title"]) values["title"] = "'kept'";
    if (model.fields["count"]) values["count"] = "5";
    const places = model.fields["price"]?.options["decimalPlaces"];
    if (places) values["price"] = backend.vendor === "sqlite" ? String(9.5 * 10 ** Number(places)) : "9.5";
    if (model.fields["open"]) values["open"] = backend.vendor === "sqlite" ? "1" : "true";
    if (model.fields["at"]) values["at"] = "'2026-01-01 00:00:00.000000'";
    const [names, literals] = [Object.keys(values), Object.values(values)];
    const columns = names.map((name) => `"${name}"`).join(", ");
    await backend.execute(`INSERT INTO "${model.dbTable}" (${columns}) VALUES (${literals.join(", ")})`);
  }
}

async function expectRowsKept(backend: Backend, from: ProjectState, to: ProjectState): Promise<void> {
  for (const model of sortedModels(to)) {
    const before = from.find(modelKey(model));
    if (before === undefined) continue;
    const kept = ["title", "count", "price"].filter((name) => before.fields[name] && model.fields[name]);
    const columns = ["id", ...kept].map((name) => `"${name}"`).join(", ");
    const { rows } = await backend.execute(`SELECT ${columns} FROM "${model.dbTable}"`);
    const places = Number(model.fields["price"]?.options["decimalPlaces"]);
    const price = backend.vendor === "sqlite" ? 9.5 * 10 ** places : 9.5;
    const values: Record<string, string | number> = { title: "kept", count: 5, price };
    const shown = rows.map((row) => row.map((value) => (value === "kept" ? value : Number(value))));
    expect(shown).toEqual([[7, ...kept.map((name) => values[name])]]);
  }
}

describeDatabases("random histories", ({ open, vendor }) => {
  const cases = vendor === "sqlite" ? CASES : Math.ceil(CASES / 3);
  test.each(Array.from({ length: cases }, (_, seed) => seed + 1))(
    "%i: what is detected leads from one state to the other and back, with the rows",
    async (seed) => {
      const random = randomOf(seed);
      const [from, to] = [randomState(random), randomState(random)];
      const database = use(await open());
      const { backend } = database;

      const start = numbered(migrationsBetween(new ProjectState(), from), "start");
      await forwards(backend, new ProjectState(), start);
      expect(await actualTables(backend)).toEqual(expectedTables(from, backend));
      await insertRows(backend, from);

      const change = numbered(migrationsBetween(from, to), "change");
      await forwards(backend, from, change);
      expect(await actualTables(backend)).toEqual(expectedTables(to, backend));
      await expectRowsKept(backend, from, to);
      expect(detectChanges(change.reduce(stateAfter, from), to)).toEqual([]);

      await backwards(backend, from, change);
      expect(await actualTables(backend)).toEqual(expectedTables(from, backend));
      await backwards(backend, new ProjectState(), start);
      expect(await actualTables(backend)).toEqual([]);
    },
  );
});
