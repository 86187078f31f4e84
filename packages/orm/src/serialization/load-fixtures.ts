import { connections } from "../connections.ts";
import { DEFAULT_ALIAS } from "../constants.ts";
import { FixtureError } from "../exceptions.ts";
import type { Field } from "../fields/field.ts";
import type { ModelType, Options } from "../models/options.ts";
import { QuerySet } from "../query/query-set.ts";
import { saveInstance } from "../query/writing.ts";
import { lookupQuery } from "../sql/query.ts";
import { atomic, runStatement } from "../transaction.ts";
import { findMissing } from "./find-missing.ts";
import type { FixtureRow } from "./fixture.ts";
import { findFixture, readFixture, shownPath } from "./fixture-file.ts";
import { type ReadRow, readRow } from "./read-row.ts";

/** What `loadFixtures` may be told. */
export interface LoadFixturesOptions {
  /** The alias of the database. Default `"default"`. */
  readonly using?: string | undefined;
}

/** A row that has been written, and where it stands. */
export interface LoadedRow extends ReadRow {
  /** `blog/fixtures/authors.json[2] (blog.Author 3)`. */
  readonly place: string;
}

/**
 * Writes the rows of fixtures, all or none: those with a key that exists are overwritten. Rows may refer to rows that
 * come later. Gives how many there were. Models' own `save` methods are not called, and times are those of the fixture.
 * Source: https://docs.djangoproject.com/en/5.2/ref/django-admin/#loaddata
 * @throws FixtureError naming file, row and field.
 */
export async function loadFixtures(names: readonly string[], options: LoadFixturesOptions = {}): Promise<number> {
  const using = options.using ?? DEFAULT_ALIAS;
  const files = names.map(findFixture);
  return atomic(
    async () => {
      const parts: LoadedRow[][] = [];
      for (const file of files) parts.push(await loadRows(shownPath(file), await readFixture(file), using));
      const loaded = parts.flat();
      await refuseMissing(loaded, using);
      await numberBeyond(loaded, using);
      return loaded.length;
    },
    { using },
  );
}

async function loadRows(source: string, rows: readonly FixtureRow[], using: string): Promise<LoadedRow[]> {
  const loaded: LoadedRow[] = [];
  const places = new Map<string, string>();
  for (const [index, row] of rows.entries()) {
    const key = row.pk === undefined || row.pk === null ? "" : ` ${JSON.stringify(row.pk)}`;
    const place = `${source}[${index}] (${row.model}${key})`;
    const twin = key === "" ? undefined : places.get(row.model + key);
    if (twin !== undefined) throw new FixtureError(`${place}: this row stands at ${twin} already.`);
    places.set(row.model + key, `[${index}]`);
    try {
      const read = readRow(row);
      await write(read, using);
      loaded.push({ ...read, place });
    } catch (cause) {
      throw new FixtureError(`${place}: ${(cause as Error).message}`, { cause });
    }
  }
  return loaded;
}

async function write({ options, instance, given, links }: ReadRow, using: string): Promise<void> {
  // Saving sets times such as `autoNow`; the fixture's own stand.
  const stamped = given.filter((field) => field.preSave(true) !== undefined);
  const values = Object.fromEntries(stamped.map((field) => [field.name, instance[field.attribute]]));
  await saveInstance(instance, { using }, true);
  if (stamped.length > 0) await rowsOf(options.model, using, { pk: options.pk.keyOf(instance) }).update(values);
  for (const [{ through, sourceField, targetField, symmetrical }, keys] of links) {
    const own = options.pk.keyOf(instance);
    const link = (from: unknown, to: unknown) => {
      const made = new through({ [sourceField.attribute]: from, [targetField.attribute]: to });
      return saveInstance(made, { using, forceInsert: true }, true);
    };
    await rowsOf(through, using, { [sourceField.name]: own }).delete();
    if (symmetrical) await rowsOf(through, using, { [targetField.name]: own }).delete();
    for (const key of keys) {
      await link(own, key);
      if (symmetrical && key !== own) await link(key, own);
    }
  }
}

function rowsOf(model: ModelType, using: string, lookups: Readonly<Record<string, unknown>>): QuerySet {
  return new QuerySet(lookupQuery(model, using, lookups));
}

/** Databases look at references only at the end of a transaction, which a test never reaches. */
async function refuseMissing(loaded: readonly LoadedRow[], using: string): Promise<void> {
  const missing = await findMissing(loaded, using);
  if (missing.length === 0) return;
  const lines = missing.map(
    ({ place, label, target, key }) => `${place}: ${label} is ${key}, and there is no ${target} of this key.`,
  );
  throw new FixtureError(lines.join("\n"));
}

/** New rows must not get the numbers that rows of fixtures have. */
async function numberBeyond(loaded: readonly LoadedRow[], using: string): Promise<void> {
  const { operations } = connections.get(using);
  const numbered = new Map<Options, Field>();
  for (const { options, given } of loaded)
    if (options.pk.auto && given.includes(options.pk)) numbered.set(options, options.pk);
  for (const [{ dbTable }, { column }] of numbered) {
    const sql = operations.numberBeyond(dbTable, column);
    if (sql !== undefined) await runStatement(using, { sql, parameters: [] });
  }
}
