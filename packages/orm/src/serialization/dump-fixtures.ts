import { optionsOf } from "../fields/prepared.ts";
import { ForeignKey } from "../fields/relations.ts";
import type { ModelInstance, Options } from "../models/options.ts";
import { allModels } from "../models/prepare.ts";
import { QuerySet } from "../query/query-set.ts";
import { newQuery } from "../sql/query.ts";
import type { FixtureRow } from "./fixture.ts";

/** Which rows to dump. */
export interface DumpOptions {
  /** Whether the rows of a model are wanted. */
  readonly wants: (options: Options) => boolean;
  readonly using: string;
}

/** The rows of all wanted models as fixtures have them, those that others refer to first. */
export async function* dumpRows({ wants, using }: DumpOptions): AsyncGenerator<FixtureRow> {
  const models = allModels().filter((each) => !each.proxy && each.autoCreated === undefined && wants(each));
  for (const options of inOrder(models)) {
    const links = await linksOf(options, using);
    const rows = new QuerySet(newQuery(options.model, using)).orderBy("pk").iterator();
    for await (const row of rows) yield rowOf(options, row, links);
  }
}

/** Those that others refer to first; in a ring, by label. */
export function inOrder(models: readonly Options[]): Options[] {
  const wanted = new Set(models);
  const done = new Set<Options>();
  const visit = (options: Options, path: ReadonlySet<Options>) => {
    if (done.has(options) || path.has(options)) return;
    const targets = [...options.fields, ...options.manyToMany].flatMap((field) =>
      field instanceof ForeignKey || field.kind === "manyToMany" ? [optionsOf((field as ForeignKey).target)] : [],
    );
    for (const target of targets) if (wanted.has(target)) visit(target, new Set([...path, options]));
    done.add(options);
  };
  for (const options of [...models].sort((a, b) => (a.label < b.label ? -1 : 1))) visit(options, new Set());
  return [...done];
}

type Links = ReadonlyMap<string, ReadonlyMap<string, unknown[]>>;

/** The keys on the other side by relation and by key, of relations that keep their links by themselves. */
async function linksOf(options: Options, using: string): Promise<Links> {
  const links = new Map<string, Map<string, unknown[]>>();
  for (const relation of options.manyToMany.filter((each) => each.autoThrough)) {
    const byKey = new Map<string, unknown[]>();
    for await (const link of new QuerySet(newQuery(relation.through, using)).orderBy("pk").iterator()) {
      const key = String(link[relation.sourceField.attribute]);
      const keys = byKey.get(key);
      const other = valueToJson(link[relation.targetField.attribute]);
      if (keys === undefined) byKey.set(key, [other]);
      else keys.push(other);
    }
    links.set(relation.name, byKey);
  }
  return links;
}

function rowOf(options: Options, row: ModelInstance, links: Links): FixtureRow {
  const key = options.pk.keyOf(row);
  const fields = options.fields.filter((field) => !options.pk.keyFields.includes(field) && !field.generated);
  return {
    model: options.label,
    pk: valueToJson(key),
    fields: {
      ...Object.fromEntries(fields.map((field) => [field.name, valueToJson(row[field.attribute])])),
      ...Object.fromEntries([...links].map(([name, byKey]) => [name, byKey.get(String(key)) ?? []])),
    },
  };
}

/** A field's value as JSON has it; `valueFromJson` gives it back. */
export function valueToJson(value: unknown): unknown {
  if (typeof value === "bigint") {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(valueToJson);
  return value;
}
