import {
  endOf,
  endsInNullable,
  GO_ALONG,
  isMany,
  type ModelName,
  type Path,
  type Relation,
  type Row,
  relationNamed,
  relationsOf,
  SCHEMA,
  type Scalar,
  type Tables,
  written,
} from "./schema.ts";
import {
  type Computed,
  type Condition,
  isColumn,
  isRows,
  type Loads,
  type Lookup,
  loaded,
  mentions,
  type Operand,
  type Order,
  type Prefetched,
  queryOf,
  type Rows,
  readsRows,
  type Spec,
  type Step,
  shownNames,
} from "./spec.ts";

/** True, false, or unknown. */
type Truth = boolean | null;

/** The rows that stand beside one row of the model: one for each relation that the query walks, or none of it. */
type World = readonly (Row | null)[];
type Judge = (world: World, annotations: ReadonlyMap<string, Scalar>) => Truth;

interface Seat {
  readonly parent: number;
  readonly hop: string;
  readonly many: boolean;
  readonly rows: (row: Row) => readonly Row[];
}

/**
 * What a query means, without SQL: every row of the model is put beside the rows that its relations lead to, or beside
 * nothing where there are none, and a row is kept where all conditions are true. Joins are never inner here: a condition
 * that is not true of a missing row drops it all the same.
 */
export function evaluate(tables: Tables, spec: Spec): unknown {
  if (spec.combined !== undefined) return combination(tables, spec, spec.combined);
  const oracle = new Oracle(tables, spec.model, spec.only);
  for (const step of spec.steps) oracle.step(step);
  if (spec.group !== undefined) oracle.group(spec.group);
  for (const step of spec.grouped) oracle.step(step);
  return oracle.answer(spec);
}

type Shown = Readonly<Record<string, unknown>>;

/** What is asked of rows that are in order and cut out. */
function asked({ ask }: Spec, rows: readonly Shown[]): unknown {
  switch (ask) {
    case "count":
      return rows.length;
    case "exists":
      return rows.length > 0;
    case "first":
    case "last":
      return rows[0] ?? null;
    case "earliest":
    case "latest":
      return rows[0] ?? "none";
    case "get":
      return rows.length === 1 ? rows[0] : rows.length === 0 ? "none" : "several";
    case "keys":
    case "members":
      return sortedKeys(new Set(rows.map((row) => row["id"] as Scalar)));
    default:
      return rows;
  }
}

/** The rows of several queries, each once but where all are wanted; in the order of what they show. */
function combination(tables: Tables, spec: Spec, { operator, others, cut }: NonNullable<Spec["combined"]>): unknown {
  const named = spec.steps.filter((step) => step.kind === "annotate");
  const rowsOf = (steps: readonly Step[]) =>
    evaluate(tables, {
      ...spec,
      ...{ combined: undefined, steps, order: [], reversed: false, slice: undefined, ask: "rows" },
      ...cut,
    }) as Shown[];
  const lists = [spec.steps, ...others.map((condition): Step[] => [...named, { kind: "filter", condition }])].map(
    rowsOf,
  );
  const key = (row: Shown) => JSON.stringify(row);
  const once = (rows: readonly Shown[]) => [...new Map(rows.map((row) => [key(row), row])).values()];
  const among = (rows: readonly Shown[], row: Shown) => rows.some((each) => key(each) === key(row));
  const joined = lists.reduce((left, right) => {
    if (operator === "union" || operator === "union all") return left.concat(right);
    return left.filter((row) => among(right, row) === (operator === "intersection"));
  });
  const rows = operator === "union all" ? joined : once(joined);
  const order = turned(spec, spec.order);
  rows.sort((a, b) =>
    compareRows(
      order,
      order.map(({ by }) => [a, b].map((row) => row[nameOf(by)] as Scalar)),
    ),
  );
  return asked(spec, spec.slice === undefined ? rows : rows.slice(...spec.slice));
}

/** The order, turned around where that is asked for; the last row is the first of the order turned around. */
function turned({ reversed, ask }: Spec, order: readonly Order[]): readonly Order[] {
  const last = ask === "last" || ask === "latest";
  if ((reversed === true) === last) return order;
  return order.map(({ by, descending, nulls }) => ({
    by,
    descending: !descending,
    nulls: nulls === "first" ? "last" : "first",
  }));
}

function nameOf(by: Path | string): string {
  return typeof by === "string" ? by : written(by);
}

/** Of each order the two values. */
function compareRows(
  orders: readonly Pick<Order, "descending" | "nulls">[],
  pairs: readonly (readonly Scalar[])[],
): number {
  for (const [index, { descending, nulls }] of orders.entries()) {
    const [a, b] = pairs[index] as [Scalar, Scalar];
    const compared = compareKeys(a, b, descending, nulls);
    if (compared !== 0) return compared;
  }
  return 0;
}

/** The orders of the models' own: distinct rows are distinct by them, too. */
const OWN_ORDER: Partial<Record<ModelName, readonly Order[]>> = { Author: ["name", "id"].map(ascending) };

function ascending(column: string): Order {
  return { by: { hops: [], column }, descending: false, nulls: "last" };
}

/** The order of rows, given or not. */
function orderOf(spec: Spec, isOfRows: boolean): readonly Order[] {
  if (spec.order.length > 0) return turned(spec, spec.order);
  // A model's own order does not count in groups, nor where only the number of rows is asked.
  const own = isOfRows && spec.ask !== "get" ? (OWN_ORDER[spec.model] ?? []) : [];
  if (own.length > 0) return turned(spec, own);
  // The first of no order is the one with the lowest key, whichever way round.
  return spec.ask === "first" || spec.ask === "last" ? turned({ ...spec, reversed: false }, [ascending("id")]) : [];
}

/** What any row meets. */
const ANY: Condition = { kind: "and", children: [] };

class Oracle {
  readonly #tables: Tables;
  readonly #model: ModelName;
  /** The keys of the rows that a filtered relation leads to. */
  readonly #only: ReadonlySet<Scalar>;
  /** What stands beside each row; the row itself comes first. */
  readonly #seats: Seat[] = [];
  readonly #where: Judge[] = [];
  readonly #having: Judge[] = [];
  readonly #plain: { name: string; value: (world: World) => Scalar }[] = [];
  readonly #aggregates: { name: string; value: (worlds: readonly World[]) => Scalar }[] = [];
  #group: { name: string; value: (world: World) => Scalar }[] | undefined;

  constructor(tables: Tables, model: ModelName, only?: Spec["only"]) {
    this.#tables = tables;
    this.#model = model;
    const met = only && {
      model: endOf(model, [only.hop]),
      condition: only.condition,
      value: { hops: [], column: "id" },
    };
    this.#only = new Set(met === undefined ? [] : membersOf(tables, met).values);
  }

  /** The relations of a path; of a filtered one only the rows that meet its condition. */
  #relations(hops: readonly string[]): Relation[] {
    return relationsOf(this.#model, hops).map((relation, index) => {
      const hop = hops[index] as string;
      if (relationNamed(hop) === hop) return relation;
      const rows: Relation["rows"] = (...given) =>
        relation.rows(...given).filter((row) => this.#only.has(row["id"] as Scalar));
      return { ...relation, rows };
    });
  }

  step(step: Step): void {
    if (step.kind === "annotate") {
      const { name, expression } = step;
      if (expression.kind === "aggregate") this.#aggregates.push({ name, value: this.#aggregate(expression) });
      else this.#plain.push({ name, value: this.#reader(expression.path, "all", expression.plus) });
      return;
    }
    const condition: Condition = step.kind === "filter" ? step.condition : { kind: "not", child: step.condition };
    const reuse = new Set<number>();
    // What a group must meet is asked after the aggregates; what stands beside it in an "and" is asked before.
    for (const part of condition.kind === "and" ? condition.children : [condition]) {
      const judge = this.#judge(part, { reuse, negated: false, underNot: false, split: true });
      (mentions(part, this.#aggregateNames) ? this.#having : this.#where).push(judge);
    }
  }

  group(paths: readonly Path[]): void {
    this.#group = paths.map((path) => ({
      name: path.hops.concat(path.column).join("__"),
      value: this.#reader(path, "all"),
    }));
  }

  get #aggregateNames(): ReadonlySet<string> {
    return new Set(this.#aggregates.map(({ name }) => name));
  }

  answer(spec: Spec): unknown {
    const values = spec.values?.map((path) => ({
      name: path.hops.concat(path.column).join("__"),
      value: this.#reader(path, "all"),
    }));
    const own = readsRows(spec.ask) && this.#group === undefined && this.#aggregates.length === 0;
    const order = orderOf(spec, own).map(({ by, descending, nulls }) => ({
      value: typeof by === "string" ? by : this.#reader(by, "all"),
      descending,
      nulls,
    }));
    const key = this.#reader({ hops: [], column: "id" }, "all");
    const names = shownNames([...spec.steps, ...spec.grouped]);
    let rows = this.#rows().map(({ world, annotations }) => {
      const shown: Record<string, Scalar> = {};
      for (const { name, value } of this.#group ?? values ?? [{ name: "id", value: key }]) shown[name] = value(world);
      for (const name of names) shown[name] = annotations.get(name) ?? null;
      const keys = order.map(({ value }) =>
        typeof value === "string" ? (annotations.get(value) ?? null) : value(world),
      );
      return { world, shown, keys };
    });
    if (spec.distinct === true)
      rows = [...new Map(rows.map((row) => [JSON.stringify([row.shown, row.keys]), row])).values()];
    const apart = spec.distinct && spec.distinct !== true ? spec.distinct.map((path) => this.#reader(path, "all")) : [];
    rows.sort((a, b) =>
      compareRows(
        order,
        order.map((_, index) => [a.keys[index] as Scalar, b.keys[index] as Scalar]),
      ),
    );
    if (apart.length > 0) {
      // The first of the rows that have the same values.
      const known = new Set<string>();
      rows = rows.filter(({ world }) => {
        const key = JSON.stringify(apart.map((read) => read(world)));
        return !known.has(key) && known.add(key);
      });
    }
    if (spec.slice !== undefined) rows = rows.slice(...spec.slice);
    if (readsRows(spec.ask) || spec.ask === "count" || spec.ask === "exists") {
      const found = rows.map(({ world, shown }) => ({
        ...shown,
        ...(spec.loads !== undefined && this.#loaded(world[0] as Row, spec.loads)),
        ...(spec.chosen !== undefined && this.#columns(world[0] as Row, spec.chosen)),
      }));
      return asked(spec, found);
    }
    const ids = rows.map(({ world }) => key(world));
    if (spec.ask === "update") return sortedKeys(new Set(ids));
    if (spec.ask === "delete") return this.#remaining(new Set(ids));
    return { n: ids.length, low: summary("Min", ids), sum: summary("Sum", ids) };
  }

  #rows(): { world: World; annotations: ReadonlyMap<string, Scalar> }[] {
    const worlds = this.#worlds().filter((world) =>
      this.#where.every((judge) => judge(world, this.#read(world)) === true),
    );
    if (this.#aggregates.length === 0 && this.#group === undefined) {
      return worlds.map((world) => ({ world, annotations: this.#read(world) }));
    }
    const groups = new Map<string, World[]>();
    for (const world of worlds) {
      const key = this.#group === undefined ? [world[0]?.["id"]] : this.#group.map(({ value }) => value(world));
      const text = JSON.stringify([key, this.#group === undefined ? [...this.#read(world).values()] : []]);
      groups.set(text, [...(groups.get(text) ?? []), world]);
    }
    return [...groups.values()]
      .map((group) => {
        const world = group[0] as World;
        const annotations = this.#group === undefined ? this.#read(world) : new Map<string, Scalar>();
        for (const { name, value } of this.#aggregates) annotations.set(name, value(group));
        return { world, annotations };
      })
      .filter(({ world, annotations }) => this.#having.every((judge) => judge(world, annotations) === true));
  }

  /** What relations of a row lead to: the columns of the one row, or the keys of several. */
  #loaded(row: Row, { selectRelated, prefetchRelated }: Loads): Shown {
    const behind = (hops: readonly string[]) =>
      relationsOf(this.#model, hops).reduce<readonly Row[]>(
        (rows, relation) => rows.flatMap((each) => relation.rows(this.#tables, each)),
        [row],
      );
    const one = (hops: readonly string[]) => {
      const [found] = behind(hops);
      const columns = Object.keys(SCHEMA[endOf(this.#model, hops)].columns);
      return found === undefined ? null : columns.map((column) => found[column]);
    };
    const keys = ({ hops, rows }: Prefetched) => {
      if (rows === undefined) return sortedKeys(behind(hops).map((each) => each["id"] as Scalar));
      // Of each row before the last relation, the rows that there are of those it leads to, in their order.
      const [last] = relationsOf(this.#model, hops).slice(-1) as [Relation];
      const query = { ...queryOf({ model: last.to, condition: ANY, value: undefined }), steps: rows.steps };
      const { distinct } = rows;
      const first = typeof distinct === "string" ? [ascending(distinct)] : [];
      const order = [...first, rows.by, ascending("id")];
      const found = evaluate(this.#tables, { ...query, order, distinct: distinct === true }) as {
        readonly id: number;
        readonly extra?: Scalar;
      }[];
      const parents = [...behind(hops.slice(0, -1))].sort((a, b) => (a["id"] as number) - (b["id"] as number));
      return parents.map((parent) => {
        const own = new Set(last.rows(this.#tables, parent).map((row) => row["id"]));
        const theirs = found.filter(({ id }) => own.has(id));
        const value = ({ id }: { readonly id: number }) =>
          this.#tables[last.to].find((row) => row["id"] === id)?.[distinct as string];
        const some = (
          typeof distinct === "string"
            ? theirs.filter((row, index) => theirs.findIndex((other) => value(other) === value(row)) === index)
            : theirs
        ).map(({ id, extra = null }) => [id, extra]);
        const cut = rows.slice === undefined ? some : some.slice(...rows.slice);
        return last.many ? cut : cut.slice(0, 1);
      });
    };
    return Object.fromEntries([
      ...selectRelated.map((hops) => [loaded(hops), one(hops)]),
      ...prefetchRelated.map((each) => [loaded(each.hops), keys(each)]),
    ]);
  }

  /** Of each column its value, and whether it came with the row. */
  #columns(row: Row, { by, paths }: NonNullable<Spec["chosen"]>): Shown {
    const places = [[], ...paths.map(({ hops }) => hops)].map((hops) => hops.join("__"));
    return Object.fromEntries(
      [...new Set(places)].map((place) => {
        const hops = place === "" ? [] : [place];
        const [found] = hops.flatMap((hop) => relationsOf(this.#model, [hop])[0]?.rows(this.#tables, row) ?? []);
        const at = hops.length === 0 ? row : found;
        const named = paths.filter((path) => path.hops.join("__") === place).map(({ column }) => column);
        const isHere = (column: string) => column === "id" || named.includes(column) === (by === "only");
        const columns = Object.keys(SCHEMA[endOf(this.#model, hops)].columns);
        return [`${place}.`, at === undefined ? null : columns.map((column) => [at[column], isHere(column)])];
      }),
    );
  }

  /** The keys that there are without these rows and those that go along. */
  #remaining(gone: ReadonlySet<Scalar>): unknown {
    const all = new Map<ModelName, ReadonlySet<Scalar>>([[this.#model, gone]]);
    const take = (model: ModelName) => {
      for (const [other, key] of GO_ALONG[model] ?? []) {
        const rows = this.#tables[other].filter((row) => all.get(model)?.has(row[key] as Scalar));
        all.set(other, new Set(rows.map((row) => row["id"] as Scalar)));
        take(other);
      }
    };
    take(this.#model);
    const models = Object.keys(SCHEMA) as ModelName[];
    return models.map((model) =>
      this.#tables[model].map((row) => row["id"] as number).filter((id) => !all.get(model)?.has(id)),
    );
  }

  #read(world: World): Map<string, Scalar> {
    return new Map(this.#plain.map(({ name, value }) => [name, value(world)]));
  }

  #worlds(): World[] {
    let worlds: World[] = this.#tables[this.#model].map((row) => [row]);
    for (const { parent, rows } of this.#seats) {
      worlds = worlds.flatMap((world) => {
        const from = world[parent] ?? null;
        const beside = from === null ? [] : rows(from);
        return (beside.length === 0 ? [null] : beside).map((row) => [...world, row]);
      });
    }
    return worlds;
  }

  /** The seat at the end of relations. One that can hold several rows is shared only where that is allowed. */
  #seat(hops: readonly string[], reuse: Set<number> | "all"): number {
    let parent = 0;
    for (const [index, relation] of this.#relations(hops).entries()) {
      const hop = hops[index] as string;
      const found = this.#seats.findLastIndex(
        (seat, number) =>
          seat.parent === parent &&
          seat.hop === hop &&
          (!seat.many || relationNamed(hop) !== hop || reuse === "all" || reuse.has(number + 1)),
      );
      if (found < 0) {
        const rows = (row: Row) => relation.rows(this.#tables, row);
        this.#seats.push({ parent, hop, many: relation.many, rows });
      }
      parent = found < 0 ? this.#seats.length : found + 1;
      if (reuse !== "all") reuse.add(parent);
    }
    return parent;
  }

  #reader(path: Path, reuse: Set<number> | "all", plus?: number): (world: World) => Scalar {
    const seat = this.#seat(path.hops, reuse);
    return (world) => {
      const value = world[seat]?.[path.column] ?? null;
      return plus === undefined || value === null ? value : (value as number) + plus;
    };
  }

  #aggregate({
    name,
    path,
    distinct,
    filter,
  }: Extract<Computed, { kind: "aggregate" }>): (worlds: readonly World[]) => Scalar {
    const read = this.#reader(path, "all");
    const judge =
      filter === undefined
        ? () => true
        : this.#judge(filter, { reuse: "all", negated: false, underNot: false, split: false });
    return (worlds) => {
      const values = worlds.filter((world) => judge(world, new Map()) === true).map(read);
      return summary(name, distinct ? [...new Set(values)] : values);
    };
  }

  #judge(
    condition: Condition,
    scope: { reuse: Set<number> | "all"; negated: boolean; underNot: boolean; split: boolean },
  ): Judge {
    if (condition.kind === "not") {
      const inner = this.#judge(condition.child, { ...scope, negated: !scope.negated, underNot: true });
      return (...given) => negation(inner(...given));
    }
    if (condition.kind !== "lookup") {
      const judges = condition.children.map((child) => this.#judge(child, scope));
      return (...given) => {
        const truths = judges.map((judge) => judge(...given));
        if (condition.kind === "xor") return truths.filter((truth) => truth === true).length % 2 === 1;
        const decisive = condition.kind === "or";
        return truths.includes(decisive) ? decisive : truths.includes(null) ? null : !decisive;
      };
    }
    const { of } = condition;
    const wantsNull = condition.lookup === "exact" && condition.value === null;
    const [lookup, value] = wantsNull ? (["isnull", true] as const) : [condition.lookup, condition.value];
    if (typeof of === "string") {
      const right = this.#right(value, scope.reuse);
      return (world, annotations) => compare(annotations.get(of) ?? null, lookup, right(world));
    }
    if (scope.split && scope.underNot && isMany(this.#model, of)) return this.#someRow(of, lookup, value, scope.reuse);
    const left = this.#reader(of, scope.reuse);
    const right = this.#right(value, scope.reuse);
    // Under a not, a missing value is no match, so that the row stays.
    const nullableRight = isColumn(value) && value.plus === undefined && endsInNullable(this.#model, value.column);
    return (world) => {
      const operand = right(world);
      const missing = left(world) === null || (nullableRight && operand === null);
      if (scope.negated && lookup !== "isnull" && missing) return false;
      return compare(left(world), lookup, operand);
    };
  }

  /** A condition on many rows under a not: whether one of them meets it. A row that the same call has met is meant. */
  #someRow(path: Path, lookup: Lookup, value: Operand, reuse: Set<number> | "all"): Judge {
    const relations = this.#relations(path.hops);
    const first = relations.findIndex((relation) => relation.many);
    const start = this.#seat(path.hops.slice(0, first), reuse);
    const wantsNull = lookup === "isnull" && value === true;
    const met = this.#seats.findLastIndex(
      (seat, number) =>
        seat.parent === start && seat.hop === path.hops[first] && reuse !== "all" && reuse.has(number + 1),
    );
    const tied = met >= 0 && !wantsNull ? met + 1 : undefined;
    const right = this.#right(value, "all");
    return (world) => {
      let rows: (Row | null)[] = [world[start] ?? null];
      for (const [index, relation] of relations.slice(first).entries()) {
        if (index === 0 && tied !== undefined) {
          rows = [world[tied] ?? null];
          continue;
        }
        rows = rows.flatMap((row): readonly (Row | null)[] => {
          const next = row === null ? [] : relation.rows(this.#tables, row);
          return next.length === 0 ? [null] : next;
        });
      }
      return rows.some((row) => compare(row?.[path.column] ?? null, lookup, right(world)) === true);
    };
  }

  #right(
    value: Operand,
    reuse: Set<number> | "all",
  ): (world: World) => Exclude<Operand, object> | readonly Scalar[] | Members {
    if (isColumn(value)) return this.#reader(value.column, reuse, value.plus);
    if (isRows(value)) {
      const members = membersOf(this.#tables, value.rows);
      return () => members;
    }
    return () => value;
  }
}

/** What another query gives. */
class Members {
  readonly values: readonly Scalar[];
  constructor(values: readonly Scalar[]) {
    this.values = values;
  }
}

function membersOf(tables: Tables, rows: Rows): Members {
  const name = rows.value === undefined ? "id" : [...rows.value.hops, rows.value.column].join("__");
  const found = evaluate(tables, queryOf(rows)) as Record<string, Scalar>[];
  return new Members(found.map((row) => row[name] as Scalar));
}

function negation(truth: Truth): Truth {
  return truth === null ? null : !truth;
}

function compare(left: Scalar, lookup: Lookup, right: Exclude<Operand, object> | readonly Scalar[] | Members): Truth {
  if (lookup === "isnull") return (left === null) === right;
  if (lookup === "in") {
    const given = right instanceof Members ? right.values : (right as readonly Scalar[]);
    const values = given.filter((value) => value !== null);
    if (left !== null && values.includes(left)) return true;
    // A null in a list is left out; one that a query gives makes it unknown whether the value is there.
    const unknown =
      right instanceof Members ? given.length > 0 && (left === null || values.length < given.length) : false;
    return unknown || (left === null && values.length > 0) ? null : false;
  }
  if (left === null || right === null) return null;
  if (lookup === "range") {
    const [from, to] = right as readonly [Scalar, Scalar];
    return order(left, from as Scalar) >= 0 && order(left, to as Scalar) <= 0;
  }
  const text = (value: unknown) => String(value);
  const folded = (value: unknown) => String(value).toLowerCase();
  switch (lookup) {
    case "exact":
      return left === right;
    case "gt":
      return order(left, right as Scalar) > 0;
    case "gte":
      return order(left, right as Scalar) >= 0;
    case "lt":
      return order(left, right as Scalar) < 0;
    case "lte":
      return order(left, right as Scalar) <= 0;
    case "iexact":
      return folded(left) === folded(right);
    case "contains":
      return text(left).includes(text(right));
    case "icontains":
      return folded(left).includes(folded(right));
    case "startswith":
      return text(left).startsWith(text(right));
    case "istartswith":
      return folded(left).startsWith(folded(right));
    case "endswith":
      return text(left).endsWith(text(right));
    case "iendswith":
      return folded(left).endsWith(folded(right));
  }
}

function order(left: Scalar, right: Scalar): number {
  if (left === right) return 0;
  return (left as number) < (right as number) ? -1 : 1;
}

function sortedKeys(keys: Iterable<Scalar>): Scalar[] {
  return [...keys].sort(order);
}

function compareKeys(a: Scalar, b: Scalar, descending: boolean, nulls: "first" | "last"): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === (nulls === "first") ? -1 : 1;
  return descending ? order(b, a) : order(a, b);
}

function summary(name: "Count" | "Sum" | "Avg" | "Min" | "Max", given: readonly Scalar[]): Scalar {
  const values = given.filter((value) => value !== null);
  if (name === "Count") return values.length;
  if (values.length === 0) return null;
  if (name === "Min") return values.reduce((a, b) => (order(a, b) <= 0 ? a : b));
  if (name === "Max") return values.reduce((a, b) => (order(a, b) >= 0 ? a : b));
  const sum = (values as number[]).reduce((a, b) => a + b, 0);
  return name === "Sum" ? sum : sum / values.length;
}
