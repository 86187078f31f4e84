import { connections } from "../../../src/connections.ts";
import {
  Duration,
  Func,
  fields,
  kysely,
  Lookup,
  registerLookup,
  registerTransform,
  sql,
  Transform,
} from "../../../src/index.ts";
import type { Operand as Side } from "../../../src/lookups/custom.ts";
import {
  expressions,
  type LooseExpression,
  type LooseManager,
  type LooseQuerySet,
  type LooseRow,
} from "../../support/loose.ts";
import { undone } from "../undone.ts";
import { Item, Owner } from "./models.ts";
import {
  type Aggregate,
  type Alias,
  type Among,
  type Ask,
  type Condition,
  type Expr,
  type Frame,
  isExpression,
  isJson,
  type Kind,
  type Lookup as LookupName,
  type Operand,
  type Order,
  type Query,
  type Subject,
  type Tables,
  type Value,
  type WindowSpec,
} from "./spec.ts";

class SameLetters extends Lookup<string> {
  readonly name = "sameLetters";
  readonly kinds = ["text"] as const;
  sql(left: Side, right: Side) {
    return sql`replace(${left}, ' ', '') = replace(${right}, ' ', '')`;
  }
}
class LongerThan extends Lookup<number> {
  readonly name = "longerThan";
  readonly kinds = ["text"] as const;
  override readonly right = fields.integer();
  sql(left: Side, right: Side) {
    return sql`length(${left}) > ${right}`;
  }
}
class Initial extends Transform<ReturnType<typeof fields.char>> {
  readonly name = "initial";
  readonly kinds = ["text"] as const;
  readonly output = fields.char();
  sql(of: Side) {
    return sql`substr(${of}, 1, 1)`;
  }
}
class Digits extends Transform<ReturnType<typeof fields.integer>> {
  readonly name = "digits";
  readonly kinds = ["number"] as const;
  readonly output = fields.integer();
  sql(of: Side) {
    return sql`length(cast(abs(${of}) as text))`;
  }
}
registerLookup(new SameLetters());
registerLookup(new LongerThan());
registerTransform(new Initial());
registerTransform(new Digits());

const {
  F,
  OuterRef,
  Value: literal,
  Case,
  When,
  Cast,
  Subquery,
  Exists,
  Q,
  Window,
  RowRange,
  ValueRange,
} = expressions;

interface Rows extends LooseQuerySet {
  using(alias: string): Rows;
  raw(statement: unknown, options: object): PromiseLike<Record<string, unknown>[]>;
  dates(path: string, to: string, options: object): PromiseLike<unknown[]>;
  datetimes(path: string, to: string, options: object): PromiseLike<unknown[]>;
}
const items = (alias: Alias) => (Item.objects as unknown as Rows).using(alias);
const FIELDS: Readonly<Record<Kind, () => unknown>> = {
  integer: () => fields.integer({ null: true }),
  text: () => fields.text({ null: true }),
  decimal: () => fields.decimal({ maxDigits: 12, decimalPlaces: 2, null: true }),
  float: () => fields.float({ null: true }),
  date: () => fields.date({ null: true }),
  moment: () => fields.dateTime({ null: true }),
  time: () => fields.time({ null: true }),
  duration: () => fields.duration({ null: true }),
  boolean: () => fields.boolean({ null: true }),
  json: () => fields.json({ null: true }),
};

/** The answer of the code under test. */
export async function ask(query: Query): Promise<unknown> {
  const { ask: asked, alias } = query;
  if (asked.kind === "kysely") return await askKysely(alias, asked);
  if (asked.kind === "raw") {
    const rows = await items(alias).raw(
      sql`select *, ${make(asked.extra)} as ${sql.identifier("extra")} from ${sql.identifier("shop_item")} where ${make(asked.condition)}`,
      { extra: { extra: FIELDS[asked.extra.kind]() } },
    );
    return rows.map(({ id, extra }) => ({ id, extra }));
  }
  let rows: LooseQuerySet = items(alias);
  for (const { name, expression } of query.annotations) rows = rows.annotate({ [name]: make(expression) });
  for (const { kind, condition } of query.where) rows = rows[kind](conditionOf(condition));
  if (asked.kind === "dates" || asked.kind === "datetimes") {
    return await (rows as Rows)[asked.kind](asked.path, asked.to, { order: asked.descending ? "desc" : "asc" });
  }
  if (asked.kind === "groups") {
    rows = rows.annotate({ by: make(asked.by) }).values("by");
    rows = rows.annotate(named(asked.of));
    const { having } = asked;
    if (having !== undefined) {
      const value = encode((asked.of[0] as Aggregate).kind, having.value);
      rows = rows.filter({ [having.lookup === "exact" ? "g0" : `g0__${having.lookup}`]: value });
    }
    return await rows;
  }
  for (const { name, window } of query.windows) rows = rows.annotate({ [name]: makeWindow(window) });
  if (query.qualify !== undefined) rows = rows.filter(conditionOf(query.qualify));
  if (asked.kind === "update") return await updated(rows, alias, asked);
  rows = rows.orderBy(...query.order.map(makeOrder));
  if (query.slice !== undefined) rows = rows.slice(...query.slice);
  if (asked.kind === "count") return await rows.count();
  if (asked.kind === "exists") return await rows.exists();
  if (asked.kind === "keys") return await keysOf(rows, alias, asked.by);
  if (asked.kind === "aggregate") return await rows.aggregate(named(asked.of));
  const names = [...query.annotations, ...query.windows].map(({ name }) => name);
  return await rows.values("id", ...names);
}

/** The keys of rows, by another way than reading them. */
async function keysOf(rows: LooseQuerySet, alias: Alias, by: Extract<Ask, { kind: "keys" }>["by"]): Promise<unknown[]> {
  const all = (await items(alias).orderBy("id")) as LooseRow[];
  const ids = all.map(({ id }) => id);
  if (by === "in") return await items(alias).filter({ id__in: rows }).orderBy("id").valuesList("id", { flat: true });
  if (by === "inBulk") {
    const found = await rows.inBulk(ids);
    return ids.filter((id) => found.has(id));
  }
  const among = await Promise.all(all.map((row) => rows.contains(row)));
  return ids.filter((_id, index) => among[index]);
}

/** Writes, reads what there is then, and takes it back. */
async function updated(rows: LooseQuerySet, alias: Alias, { field, to }: Extract<Ask, { kind: "update" }>) {
  return await undone(async () => {
    await rows.update({ [field]: make(to) });
    return await items(alias).orderBy("id").values("id", field, "sum");
  }, alias);
}

function askKysely(alias: Alias, { parts, any }: Extract<Query["ask"], { kind: "kysely" }>): Promise<unknown> {
  return kysely({ Item }, { using: alias })
    .selectFrom("Item as i")
    .select(["i.id", "i.n", "i.u", "i.p", "i.at", "i.flag", "i.data"])
    .where((eb) => {
      const conditions = parts.map(({ column, operator, value }) => {
        if (operator === "is null") return eb(`i.${column}` as "i.u", "is", null);
        if (operator === "is not null") return eb(`i.${column}` as "i.u", "is not", null);
        const kind = COLUMN_KINDS[column] as Kind;
        const right = Array.isArray(value) ? value.map((each) => encode(kind, each)) : encode(kind, value as Value);
        return eb(`i.${column}` as "i.u", operator, right as never);
      });
      return any ? eb.or(conditions) : eb.and(conditions);
    })
    .orderBy("i.id")
    .execute();
}

export const COLUMN_KINDS: Readonly<Record<string, Kind>> = {
  id: "integer",
  n: "integer",
  m: "integer",
  t: "text",
  u: "text",
  p: "decimal",
  x: "float",
  d: "date",
  at: "moment",
  len: "duration",
  flag: "boolean",
  sum: "integer",
  mark: "text",
  owner__name: "text",
  owner__n: "integer",
};

function named(of: readonly Aggregate[]): Record<string, unknown> {
  return Object.fromEntries(of.map((each, index) => [`g${index}`, makeAggregate(each)]));
}

/** A value as a program writes it. */
function encode(kind: Kind, value: Value): unknown {
  if (value === null) return null;
  if (isJson(value)) return value.json;
  if (kind === "decimal") return (value as number).toFixed(2);
  if (kind === "duration") return Duration.fromMicroseconds(BigInt(value as number));
  return kind === "moment" ? new Date(value as string) : value;
}

function make(expr: Expr): LooseExpression {
  switch (expr.op) {
    case "column":
    case "named":
      return F(expr.op === "column" ? expr.path : expr.name);
    case "key":
      return F(["data", ...expr.keys].join("__"));
    case "outer":
      return OuterRef(expr.path);
    case "value": {
      const value = literal(encode(expr.kind, expr.value));
      const bare = expr.kind === "decimal" || expr.kind === "date" || expr.kind === "float";
      return bare ? Cast(value, FIELDS[expr.kind]()) : value;
    }
    case "arithmetic":
      return make(expr.left)[expr.sign](make(expr.right));
    case "call":
      return called(expr);
    case "case": {
      const whens = expr.whens.map((when) => When(conditionOf(when.if), make(when.value)));
      return expr.otherwise === undefined ? Case(...whens) : Case(...whens, { default: make(expr.otherwise) });
    }
    case "cast":
      return Cast(make(expr.of), FIELDS[expr.kind]());
    case "sql":
      return fragment(expr.name, expr.args.map(make));
    case "first": {
      const rows = among(expr.among).annotate({ wanted: make(expr.of) });
      return Subquery(rows.orderBy(makeOrder(expr.order), "id").values("wanted").slice(0, 1));
    }
    case "total": {
      const rows = among(expr.among);
      const groups =
        expr.among.by === "owner" ? rows.values("owner") : rows.annotate({ one: literal(1) }).values("one");
      return Subquery(groups.annotate({ total: makeAggregate(expr.of) }).values("total"));
    }
    case "exists": {
      const exists = Exists(among(expr.among));
      return expr.not ? exists.not() : exists;
    }
  }
}

const JSON_KEYS = ["a b", "é'\""] as const;

function called({ name, args, constants }: Extract<Expr, { op: "call" }>): LooseExpression {
  const made = args.map(make);
  const [first, second] = made as [LooseExpression, LooseExpression];
  const call = expressions[name.replace(/\..*/, "") as keyof typeof expressions];
  switch (name) {
    case "Round":
    case "Round.decimal":
      return constants.length === 0 ? call(first) : call(first, { places: constants[0] });
    case "Collate":
      // By code points, as texts are compared anyway.
      return call(first, connections.get().vendor === "postgres" ? "C" : "binary");
    case "JSONObject":
      return call({ [JSON_KEYS[0]]: first, [JSON_KEYS[1]]: second });
    case "Sqrt":
      return call(expressions.Abs(first));
    case "Ln":
    case "Cot":
      return call(expressions.Abs(first).plus(1));
    case "Log":
      return call(2, expressions.Abs(first).plus(1));
    case "ACos":
    case "ASin":
      return call(expressions.Sin(first).div(2));
    case "Exp":
    case "Tan":
      return call(expressions.Sin(first));
    case "Chr":
      return call(expressions.Abs(first).plus(64));
    default:
      return call(...made, ...constants);
  }
}

function fragment(name: string, args: readonly LooseExpression[]): LooseExpression {
  const [a, b, c] = args;
  switch (name) {
    case "sum":
      return sql`(${a} + ${b})`.as(fields.integer({ null: true })) as unknown as LooseExpression;
    case "joined":
      return sql`(${a} || ${"-"} || ${b})`.as(fields.text({ null: true })) as unknown as LooseExpression;
    case "chosen":
      return sql`case when ${a} then ${b} else ${c} end`.as(
        fields.integer({ null: true }),
      ) as unknown as LooseExpression;
    case "list":
      return sql`(${a} in (${sql.join([1, 2, b])}))`.as(fields.boolean({ null: true })) as unknown as LooseExpression;
    case "called":
      return Func({ sqlite: "length", postgres: "char_length" }, [a as never], {
        output: fields.integer({ null: true }),
      }) as unknown as LooseExpression;
    default:
      return Func("coalesce", [a as never, b as never], {
        output: fields.integer({ null: true }),
      }) as unknown as LooseExpression;
  }
}

/** The same database as the query around: a subquery has none of its own. */
function among({ by, condition }: Among): LooseQuerySet {
  const all = Item.objects as unknown as LooseManager;
  const rows = by === "owner" ? all.filter({ owner: OuterRef("owner") }) : all.filter({ n__lte: OuterRef("n") });
  return condition === undefined ? rows : rows.filter(conditionOf(condition));
}

function makeAggregate(aggregate: Aggregate): LooseExpression {
  const { name, of, distinct, filter, otherwise, sample, delimiter, order, kind } = aggregate;
  const options = {
    ...(distinct && { distinct }),
    ...(filter !== undefined && { filter: Q(conditionOf(filter)) }),
    ...(otherwise !== undefined && { default: encode(kind, otherwise) }),
    ...(sample && { sample }),
    ...(order.length > 0 && { orderBy: order.map(makeOrder) }),
  };
  if (name === "StringAgg") return expressions.StringAgg(make(of), delimiter, options);
  return expressions[name](make(of), options);
}

function makeOrder({ by, descending, nulls }: Order): unknown {
  const options = nulls === undefined ? {} : { nulls };
  // Django's short form, where there is one.
  if (by.op === "column" && nulls === undefined) return `${descending ? "-" : ""}${by.path}`;
  return descending ? make(by).desc(options) : make(by).asc(options);
}

function makeWindow({ of, partition, order, frame }: WindowSpec): LooseExpression {
  const options = {
    ...(partition.length > 0 && { partitionBy: partition.map(make) }),
    ...(order.length > 0 && { orderBy: order.map(makeOrder) }),
    ...(frame !== undefined && { frame: makeFrame(frame) }),
  };
  switch (of.name) {
    case "aggregate":
      return Window(makeAggregate(of.of), options);
    case "Ntile":
      return Window(expressions.Ntile(of.count), options);
    case "NthValue":
      return Window(expressions.NthValue(make(of.of), of.count), options);
    case "FirstValue":
    case "LastValue":
      return Window(expressions[of.name](make(of.of)), options);
    case "Lag":
    case "Lead": {
      const { offset, otherwise } = of;
      const given = { offset, ...(otherwise !== undefined && { default: encode(of.of.kind, otherwise) }) };
      return Window(expressions[of.name](make(of.of), given), options);
    }
    default:
      return Window(expressions[of.name](), options);
  }
}

function makeFrame({ unit, start, end, exclude }: Frame): unknown {
  const options = exclude === undefined ? {} : { exclude };
  return unit === "rows" ? RowRange(start, end, options) : ValueRange(start, end, options);
}

function conditionOf(condition: Condition): unknown {
  if (condition.kind === "is") return make(condition.expression);
  if (condition.kind === "not") return Q(conditionOf(condition.child)).not();
  if (condition.kind !== "lookup") {
    const [first, ...rest] = condition.children.map((child) => Q(conditionOf(child)));
    return rest.reduce((left, right) => left[condition.kind](right), first as LooseExpression);
  }
  const { of, lookup, value } = condition;
  const path = pathOf(of);
  return { [lookup === "exact" ? path : `${path}__${lookup}`]: operandOf(value, of.kind, lookup) };
}

function pathOf(of: Subject): string {
  if ("name" in of) return of.name;
  if ("keys" in of) return ["data", ...of.keys].join("__");
  return of.transform === undefined ? of.path : `${of.path}__${of.transform.name}`;
}

function operandOf(value: Operand, kind: Kind, lookup: LookupName): unknown {
  if (isExpression(value)) return make(value.expression);
  if (Array.isArray(value)) return value.map((each) => encode(kind, each));
  return lookup === "longerThan" || lookup === "isnull" ? value : encode(kind, value as Value);
}

/** Fills the tables of a database. */
export async function load(alias: Alias, tables: Tables): Promise<void> {
  const connection = connections.get(alias);
  for (const table of ["shop_item", "shop_owner"]) await connection.execute(`DELETE FROM "${table}"`);
  const made = (row: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, encode(COLUMN_KINDS[name] as Kind, value)]));
  const owners = (Owner.objects as unknown as { using(alias: string): LooseManager }).using(alias);
  if (tables.owners.length > 0) await owners.bulkCreate(tables.owners.map(made));
  // The database fills in the rest.
  const given = tables.items.map(({ sum: _sum, mark: _mark, ...row }) => made(row));
  if (given.length > 0) await (items(alias) as unknown as LooseManager).bulkCreate(given);
}
