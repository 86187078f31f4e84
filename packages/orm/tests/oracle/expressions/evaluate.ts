import { CASTS, FRAGMENTS, FUNCTIONS, TRANSFORMS, truncated, WITHIN } from "./catalogue.ts";
import { compare, type Truth } from "./compare.ts";
import type {
  Aggregate,
  Among,
  Condition,
  Expr,
  Operand,
  Order,
  Query,
  Row,
  Sign,
  Subject,
  Tables,
  Value,
} from "./spec.ts";
import { isExpression, isJson, sumOf } from "./spec.ts";
import { windowValues } from "./windows.ts";

/** A row with what it refers to, what was computed of it, and the row around a subquery. */
export interface World {
  readonly row: Row;
  readonly owner: Row | undefined;
  readonly outer: World | undefined;
  readonly named: Map<string, Value>;
}

/** Columns that take null: what `exclude` keeps. */
const NULLABLE = new Set(["m", "u", "p", "x", "d", "at", "len", "data", "owner", "owner__n"]);

/** What a query means, without SQL: each row is looked at alone, then the rows of its window or group. */
export function evaluate(tables: Tables, query: Query): unknown {
  return new Oracle(tables).answer(query);
}

class Oracle {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  #worlds(outer?: World): World[] {
    return this.#tables.items.map((row) => ({
      row,
      owner: this.#tables.owners.find((owner) => owner["id"] === row["owner"]),
      outer,
      named: new Map(),
    }));
  }

  answer(query: Query): unknown {
    const { ask } = query;
    let worlds = this.#worlds();
    for (const { name, expression } of query.annotations) {
      for (const world of worlds) world.named.set(name, this.value(world, expression));
    }
    for (const { kind, condition } of query.where) {
      const node: Condition = kind === "filter" ? condition : { kind: "not", child: condition };
      worlds = worlds.filter((world) => this.truth(world, node) === true);
    }
    if (ask.kind === "kysely") return this.#kysely(ask);
    if (ask.kind === "raw") {
      return worlds
        .filter((world) => this.value(world, ask.condition) === true)
        .map((world) => ({ id: world.row["id"], extra: shown(this.value(world, ask.extra)) }));
    }
    if (ask.kind === "dates" || ask.kind === "datetimes") {
      const values = worlds.flatMap(({ row }) => (row[ask.path] === null ? [] : [row[ask.path] as string]));
      const days = values.map((value) => truncated(ask.to, value));
      const found = [...new Set(days.map((day) => (ask.kind === "dates" ? day.slice(0, 10) : day)))].sort();
      return ask.descending ? found.reverse() : found;
    }
    if (ask.kind === "groups") return this.#groups(worlds, ask);
    // What is asked of no window is asked before there are any.
    const { qualify } = query;
    const asked = qualify === undefined ? [] : qualify.kind === "and" ? qualify.children : [qualify];
    const names = new Set(query.windows.map(({ name }) => name));
    for (const part of asked.filter((each) => !mentions(each, names))) {
      worlds = worlds.filter((world) => this.truth(world, part) === true);
    }
    for (const { name, window } of query.windows) {
      const values = windowValues(worlds, window, {
        value: (world, expr) => this.value(world, expr),
        aggregate: (among, of) => this.aggregate(among, of),
      });
      worlds.forEach((world, index) => void world.named.set(name, values[index] as Value));
    }
    for (const part of asked.filter((each) => mentions(each, names))) {
      worlds = worlds.filter((world) => this.truth(world, part) === true);
    }
    worlds = sorted(worlds, query.order, (world, expr) => this.value(world, expr));
    if (query.slice !== undefined) worlds = worlds.slice(...query.slice);
    if (ask.kind === "count") return worlds.length;
    if (ask.kind === "exists") return worlds.length > 0;
    if (ask.kind === "keys") return worlds.map(({ row }) => row["id"] as number).sort((a, b) => a - b);
    if (ask.kind === "aggregate") {
      return Object.fromEntries(ask.of.map((each, index) => [`g${index}`, shown(this.aggregate(worlds, each))]));
    }
    if (ask.kind === "update") {
      const changed = new Map(worlds.map((world) => [world.row["id"], this.value(world, ask.to)]));
      return this.#tables.items.map((row) => ({
        id: row["id"],
        [ask.field]: shown((changed.has(row["id"]) ? changed.get(row["id"]) : row[ask.field]) as Value),
        sum:
          ask.field === "m" && changed.has(row["id"])
            ? sumOf({ ...row, m: changed.get(row["id"]) as Value })
            : row["sum"],
      }));
    }
    return worlds.map(({ row, named }) => ({
      id: row["id"],
      ...Object.fromEntries([...named].map(([name, value]) => [name, shown(value)])),
    }));
  }

  #groups(worlds: readonly World[], { by, of, having }: Extract<Query["ask"], { kind: "groups" }>): unknown {
    const groups = new Map<string, World[]>();
    for (const world of worlds) {
      const key = JSON.stringify(shown(this.value(world, by)));
      groups.set(key, [...(groups.get(key) ?? []), world]);
    }
    return [...groups]
      .map(([key, group]) => ({ key: JSON.parse(key) as Value, values: of.map((each) => this.aggregate(group, each)) }))
      .filter(({ values }) => having === undefined || compare(values[0] as Value, having.lookup, having.value) === true)
      .map(({ key, values }) => ({
        by: key,
        ...Object.fromEntries(values.map((value, index) => [`g${index}`, shown(value)])),
      }));
  }

  #kysely({ parts, any }: Extract<Query["ask"], { kind: "kysely" }>): unknown {
    const truths = ({ row }: World): Truth[] =>
      parts.map(({ column, operator, value }) => {
        const left = row[column] as Value;
        if (operator === "is null") return left === null;
        if (operator === "is not null") return left !== null;
        if (left === null) return null;
        const names = { "=": "exact", "!=": "exact", ">": "gt", "<=": "lte", in: "in" } as const;
        const truth = compare(left, names[operator], value);
        return operator === "!=" && truth !== null ? !truth : truth;
      });
    return this.#worlds()
      .filter((world) => (any ? truths(world).includes(true) : truths(world).every((truth) => truth === true)))
      .map(({ row }) =>
        Object.fromEntries(
          ["id", "n", "u", "p", "at", "flag", "data"].map((name) => [name, shown(row[name] as Value)]),
        ),
      );
  }

  value(world: World, expr: Expr): Value {
    switch (expr.op) {
      case "column":
        return columnOf(world, expr.path);
      case "outer":
        return columnOf(world.outer as World, expr.path);
      case "key":
        return inJson(world.row["data"] as Value, expr.keys);
      case "value":
        return expr.value;
      case "named":
        return world.named.get(expr.name) as Value;
      case "arithmetic": {
        const [a, b] = [this.value(world, expr.left), this.value(world, expr.right)];
        if (a === null || b === null) return null;
        if (typeof a === "string") return timeArithmetic(expr.sign, a, b as string | number);
        return ARITHMETIC[expr.sign](a as number, b as number);
      }
      case "call":
      case "sql": {
        const known = (expr.op === "call" ? FUNCTIONS : FRAGMENTS)[expr.name];
        if (known === undefined) throw new Error(`The catalogue has no ${expr.name}.`);
        const within = WITHIN[expr.name];
        const args = expr.args.map((each) => this.value(world, each));
        if (!known.lax && args.includes(null)) return null;
        const given = within === undefined ? args : args.map((each) => within(each as number));
        return known.means(given as never[], (expr.op === "call" ? expr.constants : []) as never[]);
      }
      case "case": {
        const found = expr.whens.find((when) => this.truth(world, when.if) === true);
        const chosen = found === undefined ? expr.otherwise : found.value;
        return chosen === undefined ? null : this.value(world, chosen);
      }
      case "cast": {
        const given = this.value(world, expr.of);
        const make = CASTS[`${expr.of.kind} ${expr.kind}`];
        return given === null ? null : (make as (value: never) => Value)(given as never);
      }
      case "first": {
        const rows = this.#among(world, expr.among);
        const [first] = sorted(rows, [expr.order], (each, of) => this.value(each, of));
        return first === undefined ? null : this.value(first, expr.of);
      }
      case "total": {
        const rows = this.#among(world, expr.among);
        // Without a row there is no group; without groups there is one row all the same.
        return rows.length === 0 && expr.among.by === "owner" ? null : this.aggregate(rows, expr.of);
      }
      case "exists":
        return this.#among(world, expr.among).length > 0 !== expr.not;
    }
  }

  #among(outer: World, { by, condition }: Among): World[] {
    return this.#worlds(outer).filter((world) => {
      const [own, around] = [world.row[by], outer.row[by]] as [number | null, number | null];
      if (own === null || around === null || !(by === "owner" ? own === around : own <= around)) return false;
      return condition === undefined || this.truth(world, condition) === true;
    });
  }

  aggregate(
    among: readonly World[],
    { name, kind, of, distinct, filter, otherwise, sample, delimiter, order }: Aggregate,
  ): Value {
    const met = among.filter((world) => filter === undefined || this.truth(world, filter) === true);
    const rows = sorted(met, order, (world, expr) => this.value(world, expr));
    const all = rows.map((world) => this.value(world, of)).filter((value) => value !== null);
    const values = distinct ? [...new Map(all.map((value) => [JSON.stringify(value), value])).values()] : all;
    if (name === "Count") return values.length;
    if (name === "AnyValue") return values[0] ?? null;
    if (name === "StringAgg") return values.length === 0 ? (otherwise ?? null) : values.join(delimiter);
    const found = summary(name, values as (string | number)[], sample);
    if (found === null) return otherwise ?? null;
    return kind === "duration" ? Math.round(found as number) : found;
  }

  truth(world: World, condition: Condition, negated = false): Truth {
    if (condition.kind === "is") return this.value(world, condition.expression) as Truth;
    if (condition.kind === "not") {
      const inner = this.truth(world, condition.child, !negated);
      return inner === null ? null : !inner;
    }
    if (condition.kind !== "lookup") {
      const truths = condition.children.map((child) => this.truth(world, child, negated));
      if (condition.kind === "xor") return truths.filter((truth) => truth === true).length % 2 === 1;
      const decisive = condition.kind === "or";
      return truths.includes(decisive) ? decisive : truths.includes(null) ? null : !decisive;
    }
    const { of } = condition;
    const left = this.#subject(world, of);
    const inside = "keys" in of && of.keys.length > 0;
    const { value: given } = condition;
    const isNull = given === null || (typeof given === "object" && "json" in given && given.json === null);
    const asksNull = condition.lookup === "exact" && isNull && !inside;
    const lookup = asksNull ? "isnull" : condition.lookup;
    const value = asksNull ? true : condition.value;
    const right = this.#operand(world, value);
    if (lookup === "isnull") return (left === null) === right;
    // Under a not a column that is missing is no match, so that the row stays; a place in JSON that is missing is unknown.
    const column = "keys" in of ? (world.row["data"] as Value) : left;
    const missing = !("name" in of) && column === null;
    if (negated && (missing || (this.#isNullableColumn(value) && right === null))) return false;
    return compare(left, lookup, right);
  }

  #isNullableColumn(value: Operand): boolean {
    return isExpression(value) && value.expression.op === "column" && NULLABLE.has(value.expression.path);
  }

  #subject(world: World, of: Subject): Value {
    if ("name" in of) return world.named.get(of.name) as Value;
    if ("keys" in of) return inJson(world.row["data"] as Value, of.keys);
    const value = columnOf(world, of.path);
    if (of.transform === undefined || value === null) return value;
    const known = TRANSFORMS[of.transform.of]?.[of.transform.name];
    if (known === undefined) throw new Error(`The catalogue has no transform ${of.transform.name}.`);
    return known.means(value as never);
  }

  #operand(world: World, value: Operand): Value | readonly Value[] {
    return isExpression(value) ? this.value(world, value.expression) : value;
  }
}

/** Whether a condition asks about one of these. */
function mentions(condition: Condition, names: ReadonlySet<string>): boolean {
  if (condition.kind === "lookup") return "name" in condition.of && names.has(condition.of.name);
  if (condition.kind === "not") return mentions(condition.child, names);
  return condition.kind !== "is" && condition.children.some((child) => mentions(child, names));
}

/** A moment or date and a duration in microseconds, or the time between two of them. */
function timeArithmetic(sign: Sign, left: string, right: string | number): Value {
  if (typeof right === "string") return (Date.parse(left) - Date.parse(right)) * 1000;
  return new Date(Date.parse(left) + (sign === "minus" ? -right : right) / 1000).toISOString();
}

const ARITHMETIC = {
  plus: (a: number, b: number) => a + b,
  minus: (a: number, b: number) => a - b,
  times: (a: number, b: number) => a * b,
  div: (a: number, b: number) => Math.trunc(a / b),
  mod: (a: number, b: number) => a % b,
  pow: (a: number, b: number) => a ** b,
  bitand: (a: number, b: number) => a & b,
  bitor: (a: number, b: number) => a | b,
  bitxor: (a: number, b: number) => a ^ b,
  bitleftshift: (a: number, b: number) => a << b,
  bitrightshift: (a: number, b: number) => a >> b,
};

function columnOf({ row, owner }: World, path: string): Value {
  if (!path.startsWith("owner__")) return row[path] as Value;
  return (owner?.[path.slice("owner__".length)] ?? null) as Value;
}

/** What stands at a place in JSON; null where there is none. */
function inJson(given: Value, keys: readonly string[]): Value {
  let at = given;
  for (const key of keys) {
    if (at === null || !isJson(at)) return null;
    const { json } = at;
    if (typeof json !== "object" || json === null) return null;
    const has = Array.isArray(json) ? /^\d+$/.test(key) && Number(key) < json.length : Object.hasOwn(json, key);
    if (!has) return null;
    at = { json: (json as Record<string, never>)[key] as never };
  }
  return at;
}

/** A value as a row shows it: JSON without its box. */
function shown(value: Value): unknown {
  return value !== null && isJson(value) ? value.json : value;
}

/** By default null is greater than any value. */
export function sorted(
  worlds: readonly World[],
  order: readonly Order[],
  value: (world: World, expr: Expr) => Value,
): World[] {
  const keyed = worlds.map((world) => ({ world, keys: order.map(({ by }) => value(world, by)) }));
  keyed.sort((a, b) => compareKeys(a.keys, b.keys, order));
  return keyed.map(({ world }) => world);
}

export function compareKeys(a: readonly Value[], b: readonly Value[], order: readonly Order[]): number {
  for (const [index, { descending, nulls }] of order.entries()) {
    const [x, y] = [a[index] as never, b[index] as never];
    if (x === y) continue;
    const first = nulls === undefined ? descending : nulls === "first";
    if (x === null || y === null) return (x === null) === first ? -1 : 1;
    return x < y !== descending ? -1 : 1;
  }
  return 0;
}

function byValue(a: string | number, b: string | number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function summary(name: Aggregate["name"], values: readonly (string | number)[], sample: boolean): Value {
  if (values.length === 0) return null;
  if (name === "Min") return [...values].sort(byValue)[0] ?? null;
  if (name === "Max") return [...values].sort(byValue).at(-1) ?? null;
  const sum = (values as readonly number[]).reduce((a, b) => a + b, 0);
  if (name === "Sum") return sum;
  const mean = sum / values.length;
  if (name === "Avg") return mean;
  const squares = (values as readonly number[]).reduce((all, each) => all + (each - mean) ** 2, 0);
  const of = sample ? values.length - 1 : values.length;
  if (of < 1) return null;
  return name === "StdDev" ? Math.sqrt(squares / of) : squares / of;
}
