import { inspect } from "node:util";
import type { MultipleObjectsReturned, ObjectDoesNotExist } from "@tsjango/kernel/exceptions";
import type { ConditionNode } from "../expressions/condition.ts";
import { QUERY } from "../expressions/symbols.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ModelInstance } from "../models/options.ts";
import { isSliced, type Step } from "../sql/query.ts";
import type { QuerySet } from "./query-set.ts";

/** How many rows `get` looks at to say how many there are. */
const MOST_COUNTED = 21;

interface Errors {
  readonly DoesNotExist: new (message: string) => ObjectDoesNotExist;
  readonly MultipleObjectsReturned: new (message: string) => MultipleObjectsReturned;
}

/** The only row of a query set; throws the model's own errors where there is none, or more. */
export async function getRow(rows: QuerySet): Promise<ModelInstance> {
  const query = rows[QUERY];
  const sliced = isSliced(query);
  const found = await fetchKnown(sliced ? rows : rows.orderBy().slice(0, MOST_COUNTED));
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
  const ordered = isOrdered(rows) || isSliced(rows[QUERY]) ? rows : rows.orderBy("pk");
  return (await fetchKnown(ordered.slice(0, 1)))[0] ?? null;
}

/** The last row; by primary key where there is no order. */
export async function lastRow(rows: QuerySet): Promise<ModelInstance | null> {
  const ordered = isOrdered(rows) ? rows.reverse() : rows.orderBy("-pk");
  return (await fetchKnown(ordered.slice(0, 1)))[0] ?? null;
}

function isOrdered(rows: QuerySet): boolean {
  const { ordering, model } = rows[QUERY];
  return (ordering ?? optionsOf(model).ordering).length > 0;
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
