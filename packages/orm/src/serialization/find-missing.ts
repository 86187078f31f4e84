import { inspect } from "node:util";
import { connections } from "../connections.ts";
import { optionsOf } from "../fields/prepared.ts";
import { ForeignKey } from "../fields/relations.ts";
import type { ModelType } from "../models/options.ts";
import { chunks } from "../query/chunks.ts";
import { fetchRows } from "../query/execute.ts";
import { lookupQuery } from "../sql/query.ts";
import type { LoadedRow } from "./load-fixtures.ts";

/** A row that refers to one that does not exist. */
export interface MissingRow {
  readonly place: string;
  /** The relation: `Book.author`. */
  readonly label: string;
  /** The other model: `blog.Author`. */
  readonly target: string;
  readonly key: string;
}

interface Reference {
  readonly place: string;
  readonly label: string;
  readonly key: unknown;
}

/** The references of rows that lead nowhere. */
export async function findMissing(rows: readonly LoadedRow[], using: string): Promise<MissingRow[]> {
  const missing: MissingRow[] = [];
  for (const [target, references] of referencesOf(rows)) {
    const { pk, label } = optionsOf(target);
    // One key may be written in several ways: a UUID in capitals.
    const written = (key: unknown) => String(pk.valueField.toDatabase(key, connections.get(using)));
    const keys = [...new Set(references.map(({ key }) => key))];
    const found = new Set<string>();
    for (const part of chunks(keys)) {
      const rows = await fetchRows(lookupQuery(target, using, { pk__in: part }));
      for (const row of rows) found.add(written(row[pk.attribute]));
    }
    for (const { key, ...where } of references) {
      if (!found.has(written(key))) missing.push({ ...where, target: label, key: inspect(key) });
    }
  }
  return missing;
}

function referencesOf(rows: readonly LoadedRow[]): Map<ModelType, Reference[]> {
  const references = new Map<ModelType, Reference[]>();
  const add = (target: ModelType, reference: Reference) => {
    const others = references.get(target);
    if (others === undefined) references.set(target, [reference]);
    else others.push(reference);
  };
  for (const { place, options, instance, links } of rows) {
    for (const field of options.fields) {
      if (!(field instanceof ForeignKey) || field.options["dbConstraint"] === false) continue;
      const key = instance[field.attribute];
      if (key !== null && key !== undefined) add(field.target, { place, label: field.label, key });
    }
    for (const [relation, keys] of links) {
      for (const key of keys) add(relation.target, { place, label: relation.label, key });
    }
  }
  return references;
}
