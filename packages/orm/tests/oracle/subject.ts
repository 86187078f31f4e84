import { connections } from "../../src/connections.ts";
import { optionsOf } from "../../src/fields/prepared.ts";
import { FilteredRelation } from "../../src/index.ts";
import type { ModelType } from "../../src/models/options.ts";
import { expressions, type LooseQuerySet, loose } from "../support/loose.ts";
import * as models from "./models.ts";
import {
  columnOf,
  endOf,
  type ModelName,
  onlySome,
  type Path,
  SCHEMA,
  type Scalar,
  type Tables,
  WRITTEN,
  written,
} from "./schema.ts";
import { type Computed, type Condition, isColumn, isRows, loaded, type Operand, type Spec } from "./spec.ts";
import { undone } from "./undone.ts";

const { Avg, Count, F, Max, Min, Q, Sum } = expressions;
const MODELS = { ...models };
const AGGREGATES = { Count, Sum, Avg, Min, Max } as unknown as Record<
  string,
  (path: string, options?: object) => unknown
>;

/** The answer of the code under test to a query, on the default database. */
export async function ask(spec: Spec): Promise<unknown> {
  const rows = querySet(spec);
  // An order is among what distinct rows are distinct by; what is asked of all rows goes by none.
  const found = async () => await (spec.slice === undefined ? rows.orderBy() : rows);
  switch (spec.ask) {
    case "count":
      return agreed(await rows.count(), (await found()).length);
    case "exists":
      return agreed(await rows.exists(), (await found()).length > 0);
    case "aggregate":
      return rows.aggregate({ n: Count("id"), low: Min("id"), sum: Sum("id") });
    case "update":
      return undone(async () => {
        const [column, value] = WRITTEN[spec.model];
        const written = await rows.update({ [column]: value });
        const ids = await idsOf(loose(MODELS[spec.model]).filter({ [column]: value }));
        agreed(written, ids.length);
        return ids;
      });
    case "delete":
      return undone(async () => {
        await rows.delete();
        return await Promise.all(Object.keys(SCHEMA).map((model) => idsOf(loose(MODELS[model as ModelName]))));
      });
    case "rows":
      return (await rows).map((row) => plain(spec, row as Record<string, unknown> | unknown[]));
  }
}

async function idsOf(rows: LooseQuerySet): Promise<unknown[]> {
  return await rows.orderBy("id").valuesList("id", { flat: true });
}

/** What is asked of the rows is what they say themselves. */
function agreed<T>(asked: T, rows: T): T {
  if (asked === rows) return asked;
  throw new Error(`the oracle says that ${String(asked)} is ${String(rows)}, as of the rows`);
}

/** The query set that a query stands for. */
export function querySet(spec: Spec): LooseQuerySet {
  const { combined, loads } = spec;
  let rows = memberOf(spec, spec.steps);
  if (combined !== undefined) {
    const named = spec.steps.filter((step) => step.kind === "annotate");
    const others = combined.others.map((condition) => memberOf(spec, [...named, { kind: "filter", condition }]));
    rows =
      combined.operator === "union all" ? rows.union(...others, { all: true }) : rows[combined.operator](...others);
  }
  const paths = (hops: readonly (readonly string[])[]) => hops.map((each) => each.join("__"));
  if (loads !== undefined) {
    rows = rows.selectRelated(...paths(loads.selectRelated)).prefetchRelated(...paths(loads.prefetchRelated));
  }
  if (spec.order.length > 0) {
    const items = spec.order.map(({ by, descending, nulls }) => {
      const reference = F(typeof by === "string" ? by : written(by));
      return descending ? reference.desc({ nulls }) : reference.asc({ nulls });
    });
    rows = rows.orderBy(...items);
  }
  return spec.slice === undefined ? rows : rows.slice(...spec.slice);
}

/** The query set before anything is said of all its rows. */
function memberOf(spec: Spec, steps: Spec["steps"]): LooseQuerySet {
  const { model } = spec;
  let rows: LooseQuerySet = loose(MODELS[model]).all();
  if (spec.only !== undefined) {
    const { hop, condition } = spec.only;
    const behind = Q(conditionOf(model, condition, [hop]) as object) as never;
    rows = rows.alias({ [onlySome(hop)]: FilteredRelation(hop, { condition: behind }) });
  }
  const apply = (step: Spec["steps"][number]) => {
    if (step.kind === "annotate") rows = rows.annotate({ [step.name]: expression(model, step.expression) });
    else rows = rows[step.kind](conditionOf(model, step.condition));
  };
  steps.forEach(apply);
  if (spec.group !== undefined) rows = rows.values(...spec.group.map(written));
  spec.grouped.forEach(apply);
  const named = spec.steps.flatMap((step) => (step.kind === "annotate" ? [step.name] : []));
  if (spec.values !== undefined) rows = rows[spec.form](...spec.values.map(written), ...named);
  return spec.distinct ? rows.distinct() : rows;
}

/** Where it is about what a relation leads to, its paths begin with the relation. */
function conditionOf(model: ModelName, condition: Condition, behind: readonly string[] = []): unknown {
  if (condition.kind === "lookup") {
    const { of, lookup, value } = condition;
    const path = typeof of === "string" ? of : written(prefixed(of, behind));
    const kind = typeof of === "string" ? "integer" : columnOf(model, prefixed(of, behind)).kind;
    const right = isColumn(value) ? { ...value, column: prefixed(value.column, behind) } : value;
    return { [lookup === "exact" ? path : `${path}__${lookup}`]: operandOf(right, kind) };
  }
  if (condition.kind === "not") return Q(conditionOf(model, condition.child, behind) as object).not();
  const [first, ...rest] = condition.children.map((child) => Q(conditionOf(model, child, behind) as object));
  return rest.reduce((left, right) => left![condition.kind](right as object) as typeof left, first);
}

function prefixed(path: Path, behind: readonly string[]): Path {
  return { ...path, hops: [...behind, ...path.hops] };
}

function operandOf(value: Operand, kind: string): unknown {
  if (isRows(value)) {
    const { model, condition, value: column } = value.rows;
    return loose(MODELS[model]).filter(conditionOf(model, condition)).values(written(column));
  }
  if (isColumn(value)) {
    const reference = F(written(value.column));
    return value.plus === undefined
      ? reference
      : (reference as unknown as { plus(n: number): unknown }).plus(value.plus);
  }
  if (Array.isArray(value)) return value.map((each) => operandOf(each as Scalar, kind));
  return kind === "decimal" && typeof value === "number" ? value.toFixed(2) : value;
}

function expression(model: ModelName, computed: Computed): unknown {
  if (computed.kind === "column") return operandOf({ column: computed.path, plus: computed.plus }, "");
  const { name, path, distinct, filter } = computed;
  return AGGREGATES[name]?.(written(path), {
    ...(distinct && { distinct }),
    ...(filter !== undefined && { filter: Q(conditionOf(model, filter) as object) }),
  });
}

/** A row as the oracle shows it: decimals as numbers, instances as their key. */
function plain(spec: Spec, row: Record<string, unknown> | unknown[]): Record<string, unknown> {
  const { loads } = spec;
  const names = [...spec.steps, ...spec.grouped].flatMap((step) => (step.kind === "annotate" ? [step.name] : []));
  const paths = spec.group ?? spec.values ?? [{ hops: [], column: "id" }];
  const shown = [...paths.map((path: Path) => written({ ...path, bare: false })), ...names];
  if (Array.isArray(row)) return Object.fromEntries(shown.map((name, index) => [name, scalar(row[index])]));
  return Object.fromEntries([
    ...shown.map((name) => [name, scalar(row[name])]),
    ...(loads?.selectRelated ?? []).map((hops) => [loaded(hops), columnsAt(spec.model, row, hops)]),
    ...(loads?.prefetchRelated ?? []).map((hops) => [loaded(hops), keysAt(row, hops)]),
  ]);
}

/** The columns of the row that loaded relations lead to. */
function columnsAt(model: ModelName, row: Record<string, unknown>, hops: readonly string[]): Scalar[] | null {
  const found = rowsBehind(row, hops)[0];
  return found === undefined
    ? null
    : Object.keys(SCHEMA[endOf(model, hops)].columns).map((name) => scalar(found[name]));
}

function keysAt(row: Record<string, unknown>, hops: readonly string[]): unknown[] {
  return rowsBehind(row, hops)
    .map(({ id }) => id as number)
    .sort((a, b) => a - b);
}

/** Rows that were loaded: others throw. */
function rowsBehind(row: Record<string, unknown>, [hop, ...others]: readonly string[]): Record<string, unknown>[] {
  if (hop === undefined) return [row];
  const found = row[hop] as Record<string, unknown> | Iterable<Record<string, unknown>> | null;
  const rows =
    found === null ? [] : Symbol.iterator in found ? [...(found as Iterable<Record<string, unknown>>)] : [found];
  return rows.flatMap((each) => rowsBehind(each as Record<string, unknown>, others));
}

function scalar(value: unknown): Scalar {
  if (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return value as Scalar;
}

/** Fills the tables. */
export async function load(tables: Tables): Promise<void> {
  const { Author, Profile, Publisher, Tag, Book, Review } = models;
  const through = optionsOf(Book as unknown as ModelType).manyToMany[0]?.through as unknown as typeof Book;
  for (const model of [Review, through, Book, Profile, Tag, Author, Publisher]) {
    await connections.get().execute(`DELETE FROM "${optionsOf(model as unknown as ModelType).dbTable}"`);
  }
  const price = (row: Tables["Book"][number]) => (row["price"] === null ? null : Number(row["price"]).toFixed(2));
  const reference = (row: Readonly<Record<string, Scalar>>) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name.replace(/Id$/, ""), value]));
  for (const [model, rows] of [
    [Author, tables.Author],
    [Publisher, tables.Publisher],
    [Profile, tables.Profile],
    [Tag, tables.Tag],
    [Book, tables.Book.map((row) => ({ ...row, price: price(row) }))],
    [Review, tables.Review],
    [through, tables.links],
  ] as const) {
    if (rows.length > 0) await loose(model).bulkCreate(rows.map(reference as (row: object) => Record<string, unknown>));
  }
}
