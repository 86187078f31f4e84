import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Backend } from "../../src/backends/base/backend.ts";
import type { SchemaEditor } from "../../src/backends/base/schema-editor.ts";
import { snakeCase } from "../../src/fields/snake-case.ts";
import { detectChanges } from "../../src/migrations/autodetector.ts";
import { detectRenames, type GivenRenames } from "../../src/migrations/detect-renames.ts";
import { runStep } from "../../src/migrations/executor.ts";
import { MigrationGraph } from "../../src/migrations/graph.ts";
import { fields } from "../../src/migrations/index.ts";
import type { NamedMigration } from "../../src/migrations/migration.ts";
import { renameField } from "../../src/migrations/operations/fields.ts";
import { defaultTable, renameModel } from "../../src/migrations/operations/models.ts";
import { partition } from "../../src/migrations/partition.ts";
import type { PlannedOperation } from "../../src/migrations/planned-operation.ts";
import { stateAfter } from "../../src/migrations/replay.ts";
import { type FieldState, type ModelState, modelKey, ProjectState, sortedModels } from "../../src/migrations/state.ts";
import { throughTable } from "../../src/migrations/through-models.ts";
import { schemaEditors } from "../../src/migrations/vendors.ts";
import { describeDatabases } from "./all-databases.ts";
import { actualTables, expectedTables, type TestDatabase } from "./databases.ts";

const CASES = Number(process.env["TSJANGO_MIGRATION_CASES"] ?? 25);
const SEED = Number(process.env["TSJANGO_MIGRATION_SEED"] ?? 6);
const TARGETS = ["a.Ant", "a.Bee", "b.Cat", "b.Dog"];
/** Its key may be one of two columns, which nothing can refer to. */
const KEYS = [...TARGETS, "b.Eel"];

type Random = (below: number) => number;

/** A state of some of four models; every field is null or has a default, so that any change has a way back. */
function randomState(random: Random): ProjectState {
  const chance = (percent: number) => random(100) < percent;
  const keys = KEYS.filter(() => chance(75));
  const models = keys.map((key): ModelState => {
    const [app, name] = key.split(".") as [string, string];
    const targets = keys.filter((each) => TARGETS.includes(each));
    const target = () => targets[random(targets.length)]!;
    const nullOr = (value: unknown) => (chance(50) ? { null: true } : { default: value });
    const pool: Record<string, () => FieldState> = {
      title: () => fields.char({ maxLength: chance(50) ? 50 : 80, ...nullOr("x") }),
      count: () => fields.positiveInteger({ ...nullOr(3), dbIndex: chance(30) }),
      price: () => fields.decimal({ maxDigits: 9, decimalPlaces: chance(50) ? 2 : 3, ...nullOr("1.50") }),
      slug: () => fields.slug({ null: true, unique: chance(50), dbIndex: chance(50) }),
      open: () => fields.boolean(nullOr(true)),
      at: () => fields.dateTime({ null: chance(50), autoNowAdd: true }),
      token: () => fields.uuid({ null: true, unique: chance(50) }),
      stock: () =>
        fields.integer({ ...(chance(50) ? { dbDefault: 4 + random(2) } : { default: 1 }), null: chance(50) }),
      span: () => fields.duration({ null: true }),
      data: () => fields.binary({ null: true }),
      ...(targets.length > 0 && {
        one: () => fields.foreignKey(target(), { null: true, onDelete: "setNull", dbConstraint: chance(90) }),
        two: () => fields.oneToOne(target(), { null: true, onDelete: "cascade" }),
      }),
      ...(targets.includes(key) && {
        tags: () => fields.manyToMany(target(), chance(20) ? { dbTable: `links_${name}` } : {}),
      }),
    };
    const chosen = Object.entries(pool).filter(() => chance(60));
    const own = Object.fromEntries(chosen.map(([field, make]) => [field, make()]));
    const has = (field: string) => Object.hasOwn(own, field);
    const keyed: Record<string, FieldState> =
      key === "b.Eel" && has("count") && chance(60)
        ? {
            pk: fields.compositePrimaryKey("id", "count"),
            id: fields.bigInteger({ default: 0n }),
            ...own,
            count: fields.positiveInteger({ default: 3 }),
          }
        : { id: fields.auto({ primaryKey: true }), ...own };
    return {
      app,
      name,
      dbTable: chance(85) ? defaultTable(app, name) : `other_${name.toLowerCase()}`,
      managed: true,
      fields: keyed,
      ...(chance(30) && { dbTableComment: `one of ${random(3)}` }),
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

/** Names that change on the way: of models, and of fields of models that stay. The state after it is given as well. */
function randomRenames(random: Random, from: ProjectState, to: ProjectState) {
  const given = new Map<string, string>();
  let state = to;
  for (const model of sortedModels(to)) {
    const before = from.find(modelKey(model));
    if (before === undefined) continue;
    const [app, old] = [model.app, model.name];
    for (const field of ["title", "count", "slug", "one", "two", "tags"]) {
      if (!before.fields[field] || !model.fields[field] || random(100) >= 20) continue;
      if (before.fields[field].kind !== model.fields[field].kind) continue;
      state = renameField(old, field, `${field}New`).changeState(app, state);
      given.set(`${modelKey(model)}.${field}`, `${field}New`);
    }
    if (random(100) >= 20) continue;
    state = renameModel(old, `${old}New`).changeState(app, state);
    given.set(modelKey(model), `${old}New`);
  }
  return { state, given };
}

/** What the operations are before they are cut into migrations; a planted bug changes them. */
type Tamper = (planned: readonly PlannedOperation[]) => readonly PlannedOperation[];

async function migrationsBetween(
  from: ProjectState,
  to: ProjectState,
  { given = new Map(), tamper = (planned) => planned }: { given?: GivenRenames; tamper?: Tamper } = {},
): Promise<NamedMigration[]> {
  const renames = await detectRenames(from, to, { given, decide: async () => false });
  const planned = [...renames.operations, ...detectChanges(renames.state, to)];
  const migrations = partition(tamper(planned), new MigrationGraph([]));
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

/** The table of links of a model's relation, where it goes on with the same target. */
function linksKept(model: ModelState, { to, given }: { to: ProjectState; given: GivenRenames }) {
  const link = throughTable(model, "tags");
  const now = (key: string) => (given.has(key) ? `${key.split(".")[0]}.${given.get(key)}` : key);
  const after = to.find(now(modelKey(model)));
  const name = given.get(`${modelKey(model)}.tags`) ?? "tags";
  const target = after?.fields[name]?.to;
  const kept = link !== undefined && target !== undefined && target === now(String(model.fields["tags"]?.to));
  return kept ? { link, after: throughTable(after!, name)! } : undefined;
}

async function insertRows(
  backend: Backend,
  state: ProjectState,
  change: { to: ProjectState; given: GivenRenames },
): Promise<void> {
  for (const model of sortedModels(state)) {
    const values: Record<string, string> = { id: "7" };
    if (model.fields["title"]) values["title"] = "'kept'";
    if (model.fields["count"]) values["count"] = "5";
    const places = model.fields["price"]?.options["decimalPlaces"];
    if (places) values["price"] = backend.vendor === "sqlite" ? String(9.5 * 10 ** Number(places)) : "9.5";
    // Where the database has a default, it gives the value.
    if (model.fields["stock"] && !("dbDefault" in model.fields["stock"].options)) values["stock"] = "2";
    if (model.fields["open"]) values["open"] = backend.vendor === "sqlite" ? "1" : "true";
    if (model.fields["at"]) values["at"] = "'2026-01-01 00:00:00.000000'";
    const [names, literals] = [Object.keys(values), Object.values(values)];
    const columns = names.map((name) => `"${name}"`).join(", ");
    await backend.execute(`INSERT INTO "${model.dbTable}" (${columns}) VALUES (${literals.join(", ")})`);
  }
  for (const model of sortedModels(state)) {
    const link = linksKept(model, change)?.link;
    if (link === undefined) continue;
    const columns = [link.source, link.target].map((name) => `"${snakeCase(name)}_id"`).join(", ");
    await backend.execute(`INSERT INTO "${link.model.dbTable}" (id, ${columns}) VALUES (1, 7, 7)`);
  }
}

async function expectRowsKept(
  backend: Backend,
  from: ProjectState,
  { to, given }: { to: ProjectState; given: GivenRenames },
): Promise<void> {
  for (const before of sortedModels(from)) {
    const key = modelKey(before);
    const model = to.find(given.has(key) ? `${before.app}.${given.get(key)}` : key);
    if (model === undefined) continue;
    const now = (name: string) => given.get(`${key}.${name}`) ?? name;
    const kept = ["title", "count", "price"].filter((name) => before.fields[name] && model.fields[now(name)]);
    const columns = ["id", ...kept.map(now)].map((name) => `"${snakeCase(name)}"`).join(", ");
    const { rows } = await backend.execute(`SELECT ${columns} FROM "${model.dbTable}"`);
    const places = Number(model.fields["price"]?.options["decimalPlaces"]);
    const price = backend.vendor === "sqlite" ? 9.5 * 10 ** places : 9.5;
    const values: Record<string, string | number> = { title: "kept", count: 5, price };
    const shown = rows.map((row) => row.map((value) => (value === "kept" ? value : Number(value))));
    expect(shown).toEqual([[7, ...kept.map((name) => values[name])]]);
    const link = linksKept(before, { to, given })?.after;
    if (link !== undefined) {
      const found = await backend.execute(`SELECT "${snakeCase(link.source)}_id" FROM "${link.model.dbTable}"`);
      expect(found.rows.map(([id]) => Number(id))).toEqual([7]);
    }
  }
}

/** One history: from nothing to one state with rows, to another one, and back. */
async function checkHistory(random: Random, backend: Backend, tamper?: Tamper): Promise<void> {
  const from = randomState(random);
  const { state: to, given } = randomRenames(random, from, randomState(random));

  const start = numbered(await migrationsBetween(new ProjectState(), from), "start");
  await forwards(backend, new ProjectState(), start);
  expect(await actualTables(backend)).toEqual(expectedTables(from, backend));
  await insertRows(backend, from, { to, given });

  const change = numbered(await migrationsBetween(from, to, { given, ...(tamper && { tamper }) }), "change");
  await forwards(backend, from, change);
  expect(await actualTables(backend)).toEqual(expectedTables(to, backend));
  await expectRowsKept(backend, from, { to, given });
  expect(detectChanges(change.reduce(stateAfter, from), to)).toEqual([]);

  await backwards(backend, from, change);
  expect(await actualTables(backend)).toEqual(expectedTables(from, backend));
  await backwards(backend, new ProjectState(), start);
  expect(await actualTables(backend)).toEqual([]);
}

/** Bugs in the statements: each must be found. */
const STATEMENT_BUGS: readonly [name: string, vendors: string, keep: (statement: string) => string | undefined][] = [
  ["indexes are not made", "sqlite postgres", (each) => (/^CREATE (UNIQUE )?INDEX/.test(each) ? undefined : each)],
  ["rows are not copied", "sqlite", (each) => (each.startsWith('INSERT INTO "new__') ? undefined : each)],
  [
    "values are copied as they are, without rescaling",
    "sqlite",
    (each) => each.replaceAll(/cast\(round\((.*?) [*/] 1e\d\) AS integer\)/g, "$1"),
  ],
  ["indexes keep their old names", "postgres", (each) => (each.startsWith("ALTER INDEX") ? undefined : each)],
  ["constraints keep their old names", "postgres", (each) => (/RENAME CONSTRAINT/.test(each) ? undefined : each)],
  [
    "columns stay as wide as they were",
    "postgres",
    (each) => (/ALTER COLUMN .* TYPE varchar/.test(each) ? undefined : each),
  ],
  ["nulls stay allowed", "postgres", (each) => (/SET NOT NULL/.test(each) ? undefined : each)],
];

/** Bugs in what is detected. */
const DETECTION_BUGS: readonly [name: string, tamper: Tamper][] = [
  ["no field is altered", (planned) => planned.filter(({ operation }) => operation.call[0] !== "alterField")],
  [
    "no constraint is removed",
    (planned) => planned.filter(({ operation }) => operation.call[0] !== "removeConstraint"),
  ],
  ["no table is renamed", (planned) => planned.filter(({ operation }) => operation.call[0] !== "alterModelTable")],
];

describeDatabases("random histories", ({ open, vendor }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  async function emptied(): Promise<Backend> {
    if (vendor === "postgres") await database.backend.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    else {
      await database[Symbol.asyncDispose]();
      database = await open();
    }
    return database.backend;
  }

  const property = (tamper?: Tamper) =>
    fc.asyncProperty(fc.gen(), async (g) =>
      checkHistory((below) => g(fc.nat, { max: below - 1 }), await emptied(), tamper),
    );
  const cases = vendor === "sqlite" ? CASES : Math.ceil(CASES / 3);

  test("what is detected leads from one state to the other and back, with the rows", { timeout: 600_000 }, () =>
    fc.assert(property(), { numRuns: cases, seed: SEED, endOnFailure: true }),
  );

  const planted = STATEMENT_BUGS.filter(([, vendors]) => vendors.includes(vendor));
  test.each(planted)("a planted bug is found: %s", async (_name, _vendors, keep) => {
    const editors = schemaEditors as Record<string, SchemaEditor>;
    const editor = editors[vendor] as SchemaEditor;
    const tampered = (statements: readonly string[]) => statements.flatMap((each) => keep(each) ?? []);
    editors[vendor] = { ...editor, alterTable: (change) => tampered(editor.alterTable(change)) };
    try {
      expect(await fc.check(property(), { numRuns: 100, seed: SEED, endOnFailure: true })).toMatchObject({
        failed: true,
      });
    } finally {
      editors[vendor] = editor;
    }
  });

  test.each(DETECTION_BUGS)("a planted bug is found: %s", async (_name, tamper) => {
    expect(await fc.check(property(tamper), { numRuns: 100, seed: SEED, endOnFailure: true })).toMatchObject({
      failed: true,
    });
  });
});
