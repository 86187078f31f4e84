import { Q } from "../../../src/index.ts";
import { ArrayAgg } from "../../../src/postgres/index.ts";
import { expressions, type LooseExpression, type LooseManager, loose } from "../../support/loose.ts";
import { Box, Shelf } from "./models.ts";
import { type Condition, isColumn, pathOf, type Question, type Row } from "./spec.ts";

const { F } = expressions;
const aggregate = ArrayAgg as unknown as (path: string, options: object) => LooseExpression;

/** The answer of the code under test. */
export async function ask({ condition, shown, order, groups }: Question): Promise<unknown> {
  let rows = loose(Box).all();
  if (condition !== undefined) rows = rows.filter(conditionOf(condition));
  if (groups !== undefined) {
    const { by, distinct, filter } = groups;
    const options = {
      distinct,
      orderBy: ["name"],
      ...(filter !== undefined && { filter: Q(conditionOf(filter) as object) }),
    };
    const path = pathOf(by);
    const found = await rows.values(path).annotate({ names: aggregate("name", options) });
    return found.map((row) => ({
      by: (row as Record<string, unknown>)[path],
      names: (row as { names: unknown }).names,
    }));
  }
  if (order !== undefined) rows = rows.orderBy(`${order.descending ? "-" : ""}${pathOf(order.by)}`, "id");
  return await rows.values("id", ...shown.map(pathOf));
}

function conditionOf(condition: Condition): unknown {
  if (condition.kind === "not") return Q(conditionOf(condition.child) as object).not();
  if (condition.kind !== "lookup") {
    const [first, ...rest] = condition.children.map((child) => Q(conditionOf(child) as object));
    return rest.reduce((left, right) => left![condition.kind](right as object) as typeof left, first);
  }
  const { of, lookup, value } = condition;
  const path = pathOf(of);
  return { [lookup === "exact" ? path : `${path}__${lookup}`]: isColumn(value) ? F(pathOf(value.column)) : value };
}

/** Fills the tables. */
export async function load(rows: readonly Row[]): Promise<void> {
  await loose(Box).all().delete();
  await loose(Shelf).all().delete();
  const shelves = rows.flatMap(({ id, marks }) => (marks === null ? [] : [{ id, marks }]));
  if (shelves.length > 0) await (loose(Shelf) as LooseManager).bulkCreate(shelves);
  await (loose(Box) as LooseManager).bulkCreate(
    rows.map(({ marks, ...row }) => ({ ...row, shelf: marks === null ? null : row.id })),
  );
}
