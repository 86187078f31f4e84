import { MultipleObjectsReturned, ObjectDoesNotExist } from "@tsjango/kernel/exceptions";
import { connections } from "../../src/connections.ts";
import { FieldError } from "../../src/exceptions.ts";
import { optionsOf } from "../../src/fields/prepared.ts";
import { FilteredRelation } from "../../src/index.ts";
import type { ModelType } from "../../src/models/options.ts";
import { expressions, type LooseQuerySet, type LooseRow, loose, Prefetch } from "../support/loose.ts";
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
import {
  type Computed,
  type Condition,
  isColumn,
  isRows,
  loaded,
  type Operand,
  type Order,
  type Prefetched,
  queryOf,
  type Spec,
  shownNames,
} from "./spec.ts";
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
    case "keys": {
      // By their keys, some of which no row has, where rows can still be chosen.
      const all = spec.combined === undefined ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : undefined;
      return sorted((await rows.inBulk(all)).keys());
    }
    case "members": {
      const found: unknown[] = [];
      for (const row of await loose(MODELS[spec.model]).orderBy("id")) {
        if (await rows.contains(row)) found.push((row as LooseRow)["id"]);
      }
      return found;
    }
    default: {
      if (spec.read !== "locked") return await shown(spec, await read(spec, rows));
      return await undone(async () => await shown(spec, await read(spec, rows.selectForUpdate())));
    }
  }
}

/** The rows that are asked for. */
async function read(spec: Spec, rows: LooseQuerySet): Promise<unknown> {
  const items = spec.order.map(orderItem);
  switch (spec.ask) {
    case "first":
      return await rows.first();
    case "last":
      return await rows.last();
    case "earliest":
      return await named(rows.earliest(...items));
    case "latest":
      return await named(rows.latest(...items));
    case "get": {
      const whole = spec.slice === undefined && spec.combined === undefined && spec.group === undefined;
      return await named(whole ? rows.get({ id__gt: 0 }) : rows.get());
    }
    default: {
      if (typeof spec.read !== "number") return await rows;
      const found: unknown[] = [];
      for await (const row of rows.iterator({ chunkSize: spec.read })) found.push(row);
      return found;
    }
  }
}

/** The row, or in words why there is none. */
async function named(row: Promise<LooseRow>): Promise<unknown> {
  return await row.catch((error: unknown) => {
    if (error instanceof ObjectDoesNotExist) return "none";
    if (error instanceof MultipleObjectsReturned) return "several";
    throw error;
  });
}

async function shown(spec: Spec, found: unknown): Promise<unknown> {
  if (found === null || typeof found === "string") return found;
  if (spec.ask !== "rows") return plain(spec, found as LooseRow);
  const rows = (found as LooseRow[]).map((row) => plain(spec, row));
  const { chosen } = spec;
  if (chosen === undefined) return rows;
  return await Promise.all(
    rows.map(async (row, index) => ({ ...row, ...(await columnsOf(spec, (found as LooseRow[])[index] as LooseRow)) })),
  );
}

/** Of each column its value, and whether it came with the row. */
async function columnsOf({ model, chosen }: Spec, row: LooseRow): Promise<Record<string, unknown>> {
  const places = [...new Set(["", ...(chosen?.paths ?? []).map(({ hops }) => hops.join("__"))])];
  const found: Record<string, unknown> = {};
  for (const place of places) {
    const hops = place === "" ? [] : [place];
    const at = place === "" ? row : (row[place] as LooseRow | null);
    const columns = Object.keys(SCHEMA[endOf(model, hops)].columns);
    found[`${place}.`] = at && (await Promise.all(columns.map((column) => columnAt(at, column))));
  }
  return found;
}

async function columnAt(row: LooseRow, column: string): Promise<[unknown, boolean]> {
  try {
    return [scalar(row[column]), true];
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    await row["refreshFromDb"]({ fields: [column] });
    return [scalar(row[column]), false];
  }
}

function sorted(keys: Iterable<unknown>): unknown[] {
  return [...(keys as Iterable<number>)].sort((a, b) => a - b);
}

function orderItem({ by, descending, nulls }: Order): unknown {
  const reference = F(typeof by === "string" ? by : written(by));
  return descending ? reference.desc({ nulls }) : reference.asc({ nulls });
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
  const { combined, loads, chosen } = spec;
  const member = (steps: Spec["steps"]): LooseQuerySet => {
    const { cut } = combined ?? {};
    const whole = memberOf({ ...spec, ...cut }, steps);
    return cut?.slice === undefined ? whole : whole.orderBy(...cut.order.map(orderItem)).slice(...cut.slice);
  };
  let rows = member(spec.steps);
  if (combined !== undefined) {
    const named = spec.steps.filter((step) => step.kind === "annotate");
    const others = combined.others.map((condition) => member([...named, { kind: "filter", condition }]));
    rows =
      combined.operator === "union all" ? rows.union(...others, { all: true }) : rows[combined.operator](...others);
  }
  const paths = (hops: readonly (readonly string[])[]) => hops.map((each) => each.join("__"));
  if (loads !== undefined) {
    rows = rows.selectRelated(...paths(loads.selectRelated));
    rows = rows.prefetchRelated(...loads.prefetchRelated.map((each, index) => prefetch(spec.model, each, index)));
  }
  if (chosen !== undefined) {
    const loadedWith = paths(chosen.paths.map(({ hops }) => hops)).filter((path) => path !== "");
    rows = rows.selectRelated(...loadedWith)[chosen.by](...chosen.paths.map(written));
  }
  if (spec.order.length > 0 && !["earliest", "latest"].includes(spec.ask)) {
    rows = rows.orderBy(...spec.order.map(orderItem));
  }
  if (spec.reversed === true) rows = rows.reverse();
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
    if (step.kind === "annotate") {
      rows = rows[step.hidden === true ? "alias" : "annotate"]({ [step.name]: expression(model, step.expression) });
    } else rows = rows[step.kind](conditionOf(model, step.condition));
  };
  steps.forEach(apply);
  if (spec.group !== undefined) rows = rows.values(...spec.group.map(written));
  spec.grouped.forEach(apply);
  if (spec.values !== undefined) rows = rows[spec.form](...spec.values.map(written), ...shownNames(spec.steps));
  if (spec.distinct === false) return rows;
  return spec.distinct === true ? rows.distinct() : rows.distinct(...spec.distinct.map(written));
}

/** A relation to read: all its rows, or some. */
function prefetch(model: ModelName, { hops, rows }: Prefetched, index: number): unknown {
  const path = hops.join("__");
  if (rows === undefined) return path;
  const query = queryOf({ model: endOf(model, hops), condition: ANY, value: undefined });
  const { steps, slice } = rows;
  const column = typeof rows.distinct === "string" ? [{ hops: [], column: rows.distinct }] : [];
  const distinct = column.length > 0 ? column : rows.distinct === true;
  const order = [...column.map((by): Order => ({ ...BY_ID, by })), rows.by, BY_ID];
  const some = querySet({ ...query, steps, order, distinct, slice });
  return new Prefetch(path, some, rows.toAttr ? { toAttr: attributeOf(index) } : {});
}

function attributeOf(index: number): string {
  return `loaded${index}`;
}

/** What any row meets. */
const ANY: Condition = { kind: "and", children: [] };
const BY_ID: Order = { by: { hops: [], column: "id" }, descending: false, nulls: "last" };

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
    return querySet(queryOf(value.rows));
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
  const names = shownNames([...spec.steps, ...spec.grouped]);
  const paths = spec.group ?? spec.values ?? [{ hops: [], column: "id" }];
  const shown = [...paths.map((path: Path) => written({ ...path, bare: false })), ...names];
  if (Array.isArray(row)) return Object.fromEntries(shown.map((name, index) => [name, scalar(row[index])]));
  return Object.fromEntries([
    ...shown.map((name) => [name, scalar(row[name])]),
    ...(loads?.selectRelated ?? []).map((hops) => [loaded(hops), columnsAt(spec.model, row, hops)]),
    ...(loads?.prefetchRelated ?? []).map((each, index) => [loaded(each.hops), prefetched(row, each, index)]),
  ]);
}

/** The columns of the row that loaded relations lead to. */
function columnsAt(model: ModelName, row: Record<string, unknown>, hops: readonly string[]): Scalar[] | null {
  const found = rowsBehind(row, hops)[0];
  return found === undefined
    ? null
    : Object.keys(SCHEMA[endOf(model, hops)].columns).map((name) => scalar(found[name]));
}

/** The keys of rows that were loaded: of some, those of each row before the last relation. */
function prefetched(row: Record<string, unknown>, { hops, rows }: Prefetched, index: number): unknown {
  if (rows === undefined) return keysAt(row, hops);
  const parents = rowsBehind(row, hops.slice(0, -1)).sort((a, b) => (a["id"] as number) - (b["id"] as number));
  const name = rows.toAttr ? attributeOf(index) : (hops.at(-1) as string);
  return parents.map((parent) => rowsBehind(parent, [name]).map(({ id, extra = null }) => [id, scalar(extra)]));
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
