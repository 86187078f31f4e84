import { connections } from "../connections.ts";
import { ProtectedError, RestrictedError } from "../exceptions.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ForeignKey } from "../fields/relations.ts";
import type { ModelInstance, ModelType } from "../models/options.ts";
import { compileDelete, compileUpdate } from "../sql/compiler.ts";
import { lookupQuery, type Query } from "../sql/query.ts";
import { atomic, runStatement } from "../transaction.ts";
import { fetchRows, rowsExist } from "./execute.ts";
import { stateOf } from "./state.ts";

const CHUNK = 1000;

/** What a deletion takes with it. Source: `django.db.models.deletion.Collector`. */
interface Collected {
  readonly alias: string;
  /** Keys by model, in the order in which they were met. */
  readonly keys: Map<ModelType, Set<unknown>>;
  readonly nulls: { readonly field: ForeignKey; readonly keys: readonly unknown[] }[];
  readonly restricted: { readonly field: ForeignKey; readonly key: unknown }[];
}

/** Deletes the rows of a query, and what `onDelete` says of the rows that refer to them. Gives how many went. */
export async function deleteRows(query: Query): Promise<number> {
  const model = optionsOf(query.model).concreteModel;
  const options = optionsOf(model);
  if (options.referrers.length === 0) {
    const statement = compileDelete(connections.get(query.alias), { ...query, ordering: [] });
    return statement === undefined ? 0 : (await runStatement(query.alias, statement)).changes;
  }
  return atomic(
    async () => {
      const rows = await fetchRows({ ...query, ordering: [], selectRelated: [] });
      return deleteKeys(
        model,
        rows.map((row) => row[options.pk.attribute]),
        query.alias,
      );
    },
    { using: query.alias },
  );
}

/** Deletes one instance's row. */
export async function deleteInstance(instance: ModelInstance): Promise<number> {
  const model = optionsOf(instance.constructor as ModelType).concreteModel;
  const { alias } = stateOf(instance);
  const key = instance[optionsOf(model).pk.attribute];
  const count = await atomic(() => deleteKeys(model, [key], alias), { using: alias });
  stateOf(instance).adding = true;
  return count;
}

async function deleteKeys(model: ModelType, keys: readonly unknown[], alias: string): Promise<number> {
  const collected: Collected = { alias, keys: new Map(), nulls: [], restricted: [] };
  await collect(collected, model, keys);
  for (const { field, key } of collected.restricted) {
    if (collected.keys.get(owner(field))?.has(key)) continue;
    throw new RestrictedError(refusal(model, field, "restrict"));
  }
  for (const { field, keys: referring } of collected.nulls) {
    await inChunks(referring, async (part) => {
      const query = keysQuery(owner(field), "pk", part, alias);
      const statement = compileUpdate(connections.get(alias), query, [[field, null]]);
      if (statement !== undefined) await runStatement(alias, statement);
    });
  }
  let count = 0;
  for (const [each, eachKeys] of [...collected.keys].reverse()) {
    await inChunks([...eachKeys], async (part) => {
      const statement = compileDelete(connections.get(alias), keysQuery(each, "pk", part, alias));
      if (statement !== undefined) count += (await runStatement(alias, statement)).changes;
    });
  }
  return count;
}

async function collect(collected: Collected, model: ModelType, keys: readonly unknown[]): Promise<void> {
  const known = collected.keys.get(model) ?? new Set();
  const fresh = keys.filter((key) => !known.has(key));
  if (fresh.length === 0) return;
  // Met again: what was met later refers to it, and goes first.
  collected.keys.set(model, new Set([...known, ...fresh]));
  for (const field of optionsOf(model).referrers) {
    await inChunks(fresh, (part) => follow(collected, model, field, part));
  }
}

async function follow(
  collected: Collected,
  model: ModelType,
  field: ForeignKey,
  keys: readonly unknown[],
): Promise<void> {
  const { alias } = collected;
  const referring = keysQuery(owner(field), field.attribute, keys, alias);
  if (field.onDelete === "doNothing") return;
  if (field.onDelete === "protect") {
    if (await rowsExist(referring)) throw new ProtectedError(refusal(model, field, "protect"));
    return;
  }
  const { pk } = optionsOf(owner(field));
  const found = (await fetchRows(referring)).map((row) => row[pk.attribute]);
  if (found.length === 0) return;
  if (field.onDelete === "cascade") await collect(collected, owner(field), found);
  if (field.onDelete === "setNull") collected.nulls.push({ field, keys: found });
  if (field.onDelete === "restrict") collected.restricted.push(...found.map((key) => ({ field, key })));
}

function owner(field: ForeignKey): ModelType {
  return field.model as ModelType;
}

function keysQuery(model: ModelType, name: string, keys: readonly unknown[], alias: string): Query {
  return lookupQuery(model, alias, { [`${name}__in`]: keys });
}

async function inChunks(keys: readonly unknown[], work: (part: readonly unknown[]) => Promise<void>): Promise<void> {
  for (let start = 0; start < keys.length; start += CHUNK) await work(keys.slice(start, start + CHUNK));
}

function refusal(model: ModelType, field: ForeignKey, rule: string): string {
  return (
    `${model.name} cannot be deleted: rows of ${owner(field).name} refer to it by ${field.label}, ` +
    `which has onDelete: "${rule}". Delete or change those first.`
  );
}
