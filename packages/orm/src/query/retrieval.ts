import { inspect } from "node:util";
import type { MultipleObjectsReturned, ObjectDoesNotExist } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import { QueryError } from "../exceptions.ts";
import type { ConditionNode } from "../expressions/condition.ts";
import { QUERY } from "../expressions/symbols.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ModelInstance } from "../models/options.ts";
import { hasWindow } from "../sql/prune.ts";
import { isDistinctBy, isSliced, newQuery, type Query, type Step } from "../sql/query.ts";
import { chunks } from "./chunks.ts";
import { identityOf } from "./identity.ts";
import type { QuerySet } from "./query-set.ts";

/** How many rows `get` looks at to say how many there are. */
const MOST_COUNTED = 21;
const FEW = { ordering: [], reversed: false, limit: MOST_COUNTED } as const;

interface Errors {
  readonly DoesNotExist: new (message: string) => ObjectDoesNotExist;
  readonly MultipleObjectsReturned: new (message: string) => MultipleObjectsReturned;
}

/** The only row of a query set; throws the model's own errors where there is none, or more. */
export async function getRow(rows: QuerySet): Promise<ModelInstance> {
  const query = rows[QUERY];
  const found = await fetchKnown(
    isSliced(query) ? rows : rows.replaced(isDistinctBy(query) ? { limit: FEW.limit } : FEW),
  );
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  const errors = rows.model as unknown as Errors;
  const asked = query.steps.map(describeStep).filter(Boolean).join(", ") || "no condition";
  if (first === undefined) throw new errors.DoesNotExist(`No ${rows.model.name} matches: ${asked}.`);
  const count = found.length >= MOST_COUNTED ? `more than ${MOST_COUNTED - 1}` : found.length;
  throw new errors.MultipleObjectsReturned(
    `get() found ${count} ${rows.model.name} rows for: ${asked}. Narrow it down.`,
  );
}

/** The first row; by primary key where there is no order. */
export async function firstRow(rows: QuerySet): Promise<ModelInstance | null> {
  refuseUnorderedGroups(rows, "first");
  const ordered = isOrdered(rows) || isSliced(rows[QUERY]) ? rows : rows.orderBy(...keys(rows));
  return (await fetchKnown(ordered.slice(0, 1)))[0] ?? null;
}

/** The last row; by primary key where there is no order. */
export async function lastRow(rows: QuerySet): Promise<ModelInstance | null> {
  refuseUnorderedGroups(rows, "last");
  const ordered = isOrdered(rows) ? rows.reverse() : rows.orderBy(...keys(rows)).reverse();
  return (await fetchKnown(ordered.slice(0, 1)))[0] ?? null;
}

/** What rows without an order are ordered by; those that are distinct by fields, by them first. */
function keys(rows: QuerySet): string[] {
  return [...(rows[QUERY].distinct ?? []), "pk"];
}

function isOrdered(rows: QuerySet): boolean {
  const { ordering, model, groupBy, combination } = rows[QUERY];
  if (combination !== undefined && ordering?.length === 0) return false;
  return (ordering ?? (groupBy === undefined ? optionsOf(model).ordering : [])).length > 0;
}

/** Groups have no key to be ordered by. */
function refuseUnorderedGroups(rows: QuerySet, method: string): void {
  const { groupBy } = rows[QUERY];
  if (groupBy === undefined || groupBy === "model" || isOrdered(rows)) return;
  throw new QueryError(`${method}() of groups needs an order: add orderBy("…").`);
}

/** Whether a row is among those of a query set. */
export async function containsRow(rows: QuerySet, row: ModelInstance): Promise<boolean> {
  const { values, model } = rows[QUERY];
  if (values !== undefined) throw new QueryError("contains() cannot follow values(): there are no instances.");
  const options = optionsOf(model);
  if (!(Object(row) instanceof options.concreteModel)) {
    throw new QueryError(`contains() takes an instance of ${model.name}; found ${describeValue(row)}.`);
  }
  const key = options.pk.keyOf(row);
  if (key === undefined || key === null) {
    throw new QueryError(`contains(): the ${model.name} has not been saved, so it is in no table.`);
  }
  const query = rows[QUERY];
  if (!isSliced(query) && query.combination === undefined && !areChosenTogether(query)) {
    return rows.filter({ pk: key }).exists();
  }
  return everyRow(rows).filter({ pk: key, pk__in: rows }).exists();
}

/** All rows of the model, in the same database. */
function everyRow(rows: QuerySet): QuerySet {
  const { model, alias, routed, free } = rows[QUERY];
  return rows.replaced({ ...newQuery(model, alias), routed, free });
}

/** Whether a row is there or not by what the others are: a condition more would choose among fewer. */
function areChosenTogether(query: Query): boolean {
  return isDistinctBy(query) || query.steps.some((step) => step.kind === "annotation" && hasWindow(step.expression));
}

/** Rows by their key, or by another unique field. */
export async function inBulk(
  rows: QuerySet,
  keys: readonly unknown[] | undefined,
  fieldName = "pk",
): Promise<Map<unknown, ModelInstance>> {
  const options = optionsOf(rows.model);
  if (rows[QUERY].values !== undefined)
    throw new QueryError("inBulk() cannot follow values(): there are no instances.");
  const field = fieldName === "pk" ? options.pk : options.field(fieldName);
  const { distinct } = rows[QUERY];
  const names = field.unique || (distinct?.length === 1 && options.findField(distinct[0] as string) === field);
  if (!names) {
    throw new QueryError(`inBulk(): ${field.label} is not unique, so it names no single row.`);
  }
  const found = new Map<unknown, ModelInstance>();
  const together = rows[QUERY].combination !== undefined || areChosenTogether(rows[QUERY]);
  const parts = keys === undefined || together ? [undefined] : chunks([...new Set(keys)]);
  for (const part of parts) {
    const some = await (part === undefined ? rows : rows.filter({ [`${fieldName}__in`]: part }));
    for (const row of some) found.set(field.keyOf(row), row);
  }
  if (keys === undefined || !together) return found;
  const named = new Set<unknown>();
  for (const part of chunks([...new Set(keys)])) {
    for (const row of await everyRow(rows).filter({ [`${fieldName}__in`]: part }))
      named.add(identityOf(field.keyOf(row)));
  }
  return new Map([...found].filter(([key]) => named.has(identityOf(key))));
}

/** By way of the query set, so that what it knows reaches the rows. */
async function fetchKnown(rows: QuerySet): Promise<ModelInstance[]> {
  return rows;
}

/** Field names and values for the message of an error that stays in the program. */
function describeStep(step: Step): string {
  return step.kind === "annotation" ? "" : describeCondition(step);
}

function describeCondition(node: ConditionNode): string {
  if (node.kind === "expression") return "an expression";
  if (node.kind === "not") return `not (${describeCondition(node.child)})`;
  if (node.kind === "lookups") {
    return node.lookups
      .map(([path, value]) => `${path} = ${inspect(value, { depth: 0, maxStringLength: 60 })}`)
      .join(", ");
  }
  return `(${node.children.map(describeCondition).join(` ${node.kind} `)})`;
}
