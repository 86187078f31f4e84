import { connections } from "../connections.ts";
import { QueryError } from "../exceptions.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ModelInstance, ModelType } from "../models/options.ts";
import { compileDelete } from "../sql/compiler.ts";
import { isDistinctBy, type Query } from "../sql/query.ts";
import { atomic, runStatement } from "../transaction.ts";
import { Collector, canDeleteAtOnce } from "./collector.ts";
import { fetchRows } from "./execute.ts";
import { isMissing } from "./field-values.ts";
import { rowQuery } from "./identity.ts";
import { writeAlias } from "./routing.ts";
import { stateOf } from "./state.ts";

/** How many rows went: in all, and by the labels of their models. */
export interface Deleted {
  readonly total: number;
  readonly models: Readonly<Record<string, number>>;
}

/** What `delete` may be told. */
export interface DeleteOptions {
  /** Gives the numbers by model, too: `{ total, models: { "blog.Book": 1 } }`. Default false. */
  readonly perModel?: boolean | undefined;
}

/** The numbers in the form that was asked for. */
export function counted(deleted: Deleted, { perModel = false }: DeleteOptions = {}): number | Deleted {
  return perModel ? deleted : deleted.total;
}

/** Deletes the rows of a query, and what `onDelete` says of the rows that refer to them. */
export async function deleteRows(query: Query, origin?: unknown): Promise<Deleted> {
  if (query.values !== undefined || isDistinctBy(query)) {
    const method = query.values === undefined ? "distinct() of some fields" : "values() or valuesList()";
    throw new QueryError(`delete() cannot follow ${method}: it takes whole rows. Call it before.`);
  }
  const model = optionsOf(query.model).concreteModel;
  if (canDeleteAtOnce(query.model)) return deleteAtOnce(query);
  return atomic(
    async () => {
      const collector = new Collector(query.alias, origin);
      const rows = await fetchRows({
        ...query,
        ordering: [],
        selectRelated: [],
        attributes: undefined,
        relatedAttributes: undefined,
      });
      await collector.collect(model, rows);
      return collector.run();
    },
    { using: query.alias, savepoint: false },
  );
}

/** Deletes one instance's row. The instance keeps its key, and is new: saving it makes the row again. */
export async function deleteInstance(instance: ModelInstance, using?: string): Promise<Deleted> {
  const model = instance.constructor as ModelType;
  const options = optionsOf(model);
  const state = stateOf(instance);
  const alias = writeAlias(instance, using);
  const key = options.pk.keyOf(instance);
  if (isMissing(key)) {
    throw new QueryError(`${options.label} has no key, so it has no row to delete.`);
  }
  const deleted = canDeleteAtOnce(model)
    ? await deleteAtOnce(rowQuery(instance, options, options.concreteModel, alias))
    : await atomic(
        async () => {
          const collector = new Collector(alias, instance);
          await collector.collect(options.concreteModel, [instance]);
          return collector.run();
        },
        { using: alias, savepoint: false },
      );
  state.adding = true;
  return deleted;
}

/** With one statement: nothing refers to the rows, and nobody listens. */
async function deleteAtOnce(query: Query): Promise<Deleted> {
  const statement = compileDelete(connections.get(query.alias), { ...query, ordering: [] });
  const total = statement === undefined ? 0 : (await runStatement(query.alias, statement)).changes;
  return { total, models: total === 0 ? {} : { [optionsOf(query.model).label]: total } };
}
