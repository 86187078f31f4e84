import fc from "fast-check";
import { CASTS, FRAGMENTS, FUNCTIONS, TRANSFORMS } from "./catalogue.ts";
import {
  type Aggregate,
  type Among,
  type Ask,
  type Condition,
  type Expr,
  type Json,
  type Kind,
  type Lookup,
  type Operand,
  type Order,
  type Query,
  type Row,
  type Sign,
  type Subject,
  sumOf,
  type Tables,
  type Value,
  type WindowSpec,
} from "./spec.ts";

const TEXTS = ["a", "A", "ab", " a ", "ä", "Éb", "ß", "b%", "a_b", "\\", "", "💥a"];
const MOMENTS = [
  "1999-12-31T23:59:59.000Z",
  "2020-02-29T00:00:00.000Z",
  "2020-12-28T12:30:15.500Z",
  "2021-01-03T06:07:08.009Z",
];
const JSONS: readonly Json[] = [
  {},
  { a: 1 },
  { a: "x", b: [1, 2] },
  { a: null },
  { a: { b: 1.5, "k l": true } },
  { b: { a: [{ c: 1 }] }, a: "1" },
  { a: "1", b: { a: [{ c: 1 }] } },
  [1, "a", null],
  "a",
  3,
  true,
  { "0": "zero", "é'\"": "B" },
  { a: false, b: ["a", "b"] },
];
const KEYS = [["a"], ["b"], ["a", "b"], ["b", "0"], ["0"], ["b", "a"], ["a", "k l"], ["é'\""]];

const VALUES: Readonly<Record<Exclude<Kind, "json">, fc.Arbitrary<Value>>> = {
  integer: fc.integer({ min: -2, max: 5 }),
  text: fc.constantFrom(...TEXTS),
  decimal: fc.constantFrom(-1.5, 0, 0.25, 0.5, 2.75, 10),
  float: fc.constantFrom(-1.25, 0.5, 2.5, 3.75),
  date: fc.constantFrom(...MOMENTS.map((moment) => moment.slice(0, 10))),
  moment: fc.constantFrom(...MOMENTS),
  time: fc.constant("12:00:00"),
  duration: fc.constantFrom(-90_000_500_000, -1000, 0, 1_500_000, 5_400_000_000, 86_400_000_000, 200_000_000_000),
  boolean: fc.boolean(),
};
const COLUMNS: Readonly<Record<Kind, readonly string[]>> = {
  integer: ["n", "m", "sum", "owner__n"],
  text: ["t", "u", "mark", "owner__name"],
  decimal: ["p"],
  float: ["x"],
  date: ["d"],
  moment: ["at"],
  time: [],
  duration: ["len"],
  boolean: ["flag"],
  json: ["data"],
};

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 3 });
const often = <T>(arbitrary: fc.Arbitrary<T>, tenths: number) =>
  fc.oneof({ weight: 10 - tenths, arbitrary: fc.constant(undefined) }, { weight: tenths, arbitrary });

/** Few rows, whose values meet each other and those of conditions. */
export const tables: fc.Arbitrary<Tables> = fc
  .record({
    owners: fc.array(fc.record({ name: VALUES.text, n: orNull(VALUES.integer) }), { minLength: 1, maxLength: 3 }),
    items: fc.array(
      fc.record({
        n: VALUES.integer,
        m: orNull(VALUES.integer),
        t: VALUES.text,
        u: orNull(VALUES.text),
        p: orNull(VALUES.decimal),
        x: orNull(VALUES.float),
        d: orNull(VALUES.date),
        at: orNull(VALUES.moment),
        len: orNull(VALUES.duration),
        flag: fc.boolean(),
        data: orNull(fc.constantFrom(...JSONS).map((json) => ({ json }))),
        owner: orNull(fc.nat()),
      }),
      { minLength: 5, maxLength: 8, size: "max" },
    ),
  })
  .map(({ owners, items }) => ({
    owners: owners.map((row, index) => ({ id: index + 1, ...row }) as Row),
    items: items.map((row, index) => {
      const owner = row.owner === null ? null : (row.owner % owners.length) + 1;
      return { ...row, id: index + 1, owner, sum: sumOf(row), mark: "a" } as Row;
    }),
  }));

/** What may stand in an expression at its place. */
interface Place {
  readonly joins?: boolean;
  /** Whether a row stands around. */
  readonly outer?: boolean;
  readonly subqueries?: boolean;
  readonly named?: boolean;
}
const ANYWHERE: Place = { joins: true, subqueries: true, named: true };
const ALONE: Place = {};

function leaf(kind: Kind, place: Place): fc.Arbitrary<Expr> {
  const columns = COLUMNS[kind].filter((path) => place.joins || !path.includes("__"));
  const choices: { weight: number; arbitrary: fc.Arbitrary<Expr> }[] = [];
  const add = (weight: number, arbitrary: fc.Arbitrary<Expr>) => void choices.push({ weight, arbitrary });
  if (columns.length > 0)
    add(
      6,
      fc.constantFrom(...columns).map((path) => ({ op: "column", path, kind })),
    );
  if (kind === "json")
    add(
      6,
      fc.constantFrom(...KEYS).map((keys) => ({ op: "key", keys, kind })),
    );
  else if (kind !== "time")
    add(
      2,
      VALUES[kind].map((value) => ({ op: "value", value, kind })),
    );
  if (place.outer && columns.length > 0 && kind !== "json") {
    add(
      2,
      fc.constantFrom(...COLUMNS[kind]).map((path) => ({ op: "outer", path, kind })),
    );
  }
  if (place.named) add(1, fc.constant({ op: "named", name: "?", kind } as const));
  return fc.oneof(...choices);
}

const CALLS = Object.entries(FUNCTIONS);
const FRAGMENT_CALLS = Object.entries(FRAGMENTS);

function expr(kind: Kind, depth: number, place: Place): fc.Arbitrary<Expr> {
  if (depth === 0 && kind !== "time") return leaf(kind, place);
  const inner = (of: Kind) => expr(of, Math.max(depth - 1, 0), place);
  const choices: { weight: number; arbitrary: fc.Arbitrary<Expr> }[] = [];
  const add = (weight: number, arbitrary: fc.Arbitrary<Expr>) => void choices.push({ weight, arbitrary });
  if (kind !== "time") add(3, leaf(kind, place));
  const calls = CALLS.filter(([, { gives }]) => gives === kind);
  if (calls.length > 0) {
    add(
      8,
      fc.constantFrom(...calls).chain(([name, { takes, constants = [[]] }]) =>
        fc.record({
          op: fc.constant("call" as const),
          kind: fc.constant(kind),
          name: fc.constant(name),
          args: fc.tuple(...takes.map(inner)) as fc.Arbitrary<Expr[]>,
          constants: fc.constantFrom(...constants),
        }),
      ),
    );
  }
  const fragments = FRAGMENT_CALLS.filter(([, { gives }]) => gives === kind);
  if (fragments.length > 0) {
    add(
      2,
      fc.constantFrom(...fragments).chain(([name, { takes }]) =>
        fc.record({
          op: fc.constant("sql" as const),
          kind: fc.constant(kind),
          name: fc.constant(name),
          args: fc.tuple(...takes.map(inner)) as fc.Arbitrary<Expr[]>,
        }),
      ),
    );
  }
  if (kind === "integer" || kind === "decimal" || kind === "float") add(3, arithmetic(kind, inner));
  if (kind === "duration" || kind === "moment") add(6, timeArithmetic(kind, inner));
  const sources = Object.keys(CASTS).flatMap((each) => {
    const [from, to] = each.split(" ") as [Kind, Kind];
    return to === kind ? [from] : [];
  });
  if (sources.length > 0) {
    // How many places a decimal has in a text is known of a column.
    add(
      2,
      fc
        .constantFrom(...sources)
        .chain((from) =>
          (from === "decimal" || from === "moment" ? leaf(from, { joins: true }) : inner(from)).map(
            (of): Expr => ({ op: "cast", of, kind }),
          ),
        ),
    );
  }
  if (kind !== "time" && kind !== "json" && kind !== "boolean") {
    const when = fc.record({ if: condition(depth - 1, { ...place, named: false }), value: inner(kind) });
    add(
      2,
      fc.record({
        op: fc.constant("case" as const),
        kind: fc.constant(kind),
        whens: fc.array(when, { minLength: 1, maxLength: 2 }),
        otherwise: often(inner(kind), 6),
      }),
    );
  }
  if (place.subqueries) {
    if (kind === "boolean") add(4, exists);
    if (kind !== "time" && kind !== "json" && kind !== "boolean") {
      const within: Place = { joins: true, outer: true };
      add(
        1,
        fc.record({
          op: fc.constant("first" as const),
          kind: fc.constant(kind),
          of: expr(kind, 1, within),
          among: among,
          order: order(within, 1),
        }),
      );
      add(
        1,
        aggregate({ joins: true }, kind).chain((of) =>
          among.map((each): Expr => ({ op: "total", kind, of, among: each })),
        ),
      );
    }
  }
  return fc.oneof(...choices);
}

/** Durations and what they are between. */
function timeArithmetic(kind: "duration" | "moment", inner: (of: Kind) => fc.Arbitrary<Expr>): fc.Arbitrary<Expr> {
  const of = (sign: fc.Arbitrary<Sign>, left: Kind, right: Kind) =>
    fc.record({
      op: fc.constant("arithmetic" as const),
      kind: fc.constant(kind),
      sign,
      left: inner(left),
      right: inner(right),
    });
  const either = fc.constantFrom("plus" as const, "minus" as const);
  const minus = fc.constant("minus" as const);
  if (kind === "moment") return fc.oneof(of(either, "moment", "duration"), of(either, "date", "duration"));
  return fc.oneof(
    of(either, "duration", "duration"),
    of(minus, "moment", "moment"),
    of(minus, "date", "date"),
    of(minus, "moment", "date"),
  );
}

function arithmetic(
  kind: "integer" | "decimal" | "float",
  inner: (of: Kind) => fc.Arbitrary<Expr>,
): fc.Arbitrary<Expr> {
  const signs = ["plus", "minus", "times"] as const;
  const plain = fc.record({
    op: fc.constant("arithmetic" as const),
    kind: fc.constant(kind),
    sign: fc.constantFrom(...signs, ...(kind === "integer" ? (["bitand", "bitor", "bitxor"] as const) : [])),
    left: inner(kind),
    right: inner(kind),
  });
  if (kind === "float") return fc.oneof({ weight: 4, arbitrary: plain }, power(inner));
  if (kind !== "integer") return plain;
  const by = (sign: Sign, ...values: number[]) =>
    fc.record({
      op: fc.constant("arithmetic" as const),
      kind: fc.constant(kind),
      sign: fc.constant(sign),
      left: inner("integer"),
      right: fc.constantFrom(...values).map((value): Expr => ({ op: "value", value, kind })),
    });
  const shift = fc.record({
    op: fc.constant("arithmetic" as const),
    kind: fc.constant(kind),
    sign: fc.constantFrom("bitleftshift" as const, "bitrightshift" as const),
    left: leaf("integer", ALONE),
    right: fc.integer({ min: 0, max: 3 }).map((value): Expr => ({ op: "value", value, kind })),
  });
  const constant = fc.oneof(by("div", 2, 3, -3), by("mod", 2, 3, -3));
  return fc.oneof({ weight: 4, arbitrary: plain }, shift, constant);
}

function power(inner: (of: Kind) => fc.Arbitrary<Expr>): fc.Arbitrary<Expr> {
  return fc.record({
    op: fc.constant("arithmetic" as const),
    kind: fc.constant("float" as const),
    sign: fc.constant("pow" as const),
    left: inner("integer"),
    right: fc.constantFrom(2, 3).map((value): Expr => ({ op: "value", value, kind: "integer" })),
  });
}

const LOOKUPS: Readonly<Partial<Record<Kind, readonly Lookup[]>>> = {
  text: [
    "exact",
    "in",
    "gt",
    "lte",
    "contains",
    "icontains",
    "startswith",
    "iendswith",
    "iexact",
    "regex",
    "iregex",
    "sameLetters",
    "longerThan",
  ],
  boolean: ["exact", "in"],
  json: [
    "exact",
    "in",
    "gt",
    "lte",
    "contains",
    "icontains",
    "startswith",
    "iexact",
    "containedBy",
    "hasKey",
    "hasKeys",
    "hasAnyKeys",
  ],
};
const ORDERED: readonly Lookup[] = ["exact", "in", "gt", "gte", "lt", "lte", "range"];
const WITH_EXPRESSIONS: readonly Lookup[] = [
  "exact",
  "gt",
  "gte",
  "lt",
  "lte",
  "contains",
  "icontains",
  "startswith",
  "iendswith",
  "iexact",
  "sameLetters",
];

function operand(kind: Kind, lookup: Lookup, place: Place): fc.Arbitrary<Operand> {
  if (kind === "json") return jsonOperand(lookup);
  const value = VALUES[kind as "text"];
  if (lookup === "in") return fc.array(value, { maxLength: 3 });
  if (lookup === "range") return fc.tuple(value, value);
  if (lookup === "regex" || lookup === "iregex") return fc.constantFrom("^a", "[bä]", "^.$", "a|B", "É", "\\\\|%$");
  if (lookup === "longerThan") return fc.integer({ min: 0, max: 3 });
  if (!WITH_EXPRESSIONS.includes(lookup)) return value;
  return fc.oneof(
    { weight: 3, arbitrary: value as fc.Arbitrary<Operand> },
    { weight: 2, arbitrary: expr(kind, 1, { ...place, named: false }).map((expression) => ({ expression })) },
    { weight: lookup === "exact" ? 1 : 0, arbitrary: fc.constant(null) },
  );
}

function jsonOperand(lookup: Lookup): fc.Arbitrary<Operand> {
  const boxed = (json: Json) => ({ json });
  const scalar = fc.constantFrom<Json>(1, 1.5, "a", "1", true, false);
  const any = fc.oneof(scalar, fc.constantFrom<Json>(null, ...JSONS)).map(boxed);
  const key = fc.constantFrom("a", "b", "0", "k l", "é'\"");
  if (lookup === "exact") return any as fc.Arbitrary<Operand>;
  if (lookup === "in") return fc.array(any, { maxLength: 3 }) as fc.Arbitrary<Operand>;
  if (lookup === "gt" || lookup === "lte") return fc.constantFrom<Value>(1, 2, "a", "b", "B");
  if (lookup === "hasKey") return key;
  if (lookup === "hasKeys" || lookup === "hasAnyKeys") return fc.array(key, { minLength: 1, maxLength: 2 });
  if (lookup === "icontains" || lookup === "startswith" || lookup === "iexact")
    return fc.constantFrom("a", "1", "true", "X");
  if (lookup === "containedBy") return fc.constantFrom(...JSONS).map(boxed) as fc.Arbitrary<Operand>;
  return fc.oneof(
    fc.constantFrom("a", "1", "T"),
    fc.constantFrom<Json>(1, { a: 1 }, { b: [2] }, [1], ["a", "a"], {}, [], { a: { b: 1.5 } }, true).map(boxed),
  ) as fc.Arbitrary<Operand>;
}

function lookupOn(of: Subject, place: Place): fc.Arbitrary<Condition> {
  const lookups = LOOKUPS[of.kind] ?? ORDERED;
  const plain = fc
    .constantFrom(...lookups)
    .chain((lookup) =>
      operand(of.kind, lookup, place).map((value): Condition => ({ kind: "lookup", of, lookup, value })),
    );
  const missing = fc.boolean().map((value): Condition => ({ kind: "lookup", of, lookup: "isnull", value }));
  return fc.oneof({ weight: 5, arbitrary: plain }, { weight: 1, arbitrary: missing });
}

function subject(place: Place): fc.Arbitrary<Subject> {
  const plain = (Object.keys(COLUMNS) as Kind[]).flatMap((kind) =>
    kind === "json"
      ? []
      : COLUMNS[kind].filter((path) => place.joins || !path.includes("__")).map((path) => ({ path, kind })),
  );
  const transformed = plain.flatMap(({ path, kind }) =>
    Object.entries(TRANSFORMS[kind] ?? {}).map(([name, { gives }]) => ({
      path,
      transform: { name, of: kind },
      kind: gives,
    })),
  );
  const inJson = fc.constantFrom<readonly string[]>([], [], ...KEYS).map((keys) => ({ keys, kind: "json" as const }));
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...plain) },
    { weight: 2, arbitrary: fc.constantFrom(...transformed) },
    { weight: 3, arbitrary: inJson },
  );
}

function condition(depth: number, place: Place): fc.Arbitrary<Condition> {
  const asked = subject(place).chain((of) => lookupOn(of, place));
  const truths = FRAGMENT_CALLS.filter(([name]) => name === "list").map(([name, { takes }]) =>
    fc
      .tuple(...takes.map((kind) => leaf(kind, { ...place, named: false })))
      .map(
        (args): Condition => ({ kind: "is", expression: { op: "sql", kind: "boolean", name, args: args as Expr[] } }),
      ),
  );
  const leaves = fc.oneof(
    { weight: 8, arbitrary: asked },
    { weight: 1, arbitrary: fc.oneof(...truths) },
    ...(place.subqueries
      ? [{ weight: 1, arbitrary: exists.map((expression): Condition => ({ kind: "is", expression })) }]
      : []),
  );
  if (depth <= 0) return leaves;
  const child = condition(depth - 1, place);
  const several = fc.record({
    kind: fc.constantFrom("and" as const, "or" as const, "xor" as const),
    children: fc.array(child, { minLength: 2, maxLength: 2 }),
  });
  const not = child.map((each): Condition => ({ kind: "not", child: each }));
  return fc.oneof({ weight: 4, arbitrary: leaves }, { weight: 2, arbitrary: several }, { weight: 2, arbitrary: not });
}

const among: fc.Arbitrary<Among> = fc.record({
  by: fc.constantFrom("owner" as const, "n" as const),
  condition: often(
    fc.constant(0).chain(() => condition(1, { joins: true, outer: true })),
    5,
  ),
});

const exists: fc.Arbitrary<Expr> = fc
  .record({ among, not: fc.boolean() })
  .map((given) => ({ op: "exists" as const, kind: "boolean" as const, ...given }));

const BY_ID: Order = { by: { op: "column", path: "id", kind: "integer" }, descending: false, nulls: undefined };

function order(
  place: Place,
  depth: number,
  kinds: readonly Kind[] = ["integer", "text", "decimal", "float", "date", "moment", "duration"],
): fc.Arbitrary<Order> {
  return fc.constantFrom(...kinds).chain((kind) =>
    fc.record({
      by: expr(kind, depth, { ...place, named: false }),
      descending: fc.boolean(),
      nulls: fc.constantFrom(undefined, "first" as const, "last" as const),
    }),
  );
}

function aggregate(place: Place, kind?: Kind, inWindow = false): fc.Arbitrary<Aggregate> {
  const numbers: readonly Kind[] = ["integer", "decimal", "float"];
  const choices: [Aggregate["name"], Kind, readonly Kind[]][] = [
    ["Count", "integer", ["integer", "text", "date", "decimal"]],
    ...numbers.map((each): [Aggregate["name"], Kind, readonly Kind[]] => ["Sum", each, [each]]),
    ["Avg", "float", numbers],
    ["Sum", "duration", ["duration"]],
    // Of whole milliseconds it is none.
    ...(kind === undefined ? [["Avg", "duration", ["duration"]] as [Aggregate["name"], Kind, readonly Kind[]]] : []),
    ["StdDev", "float", numbers],
    ["Variance", "float", numbers],
    ...(["integer", "text", "decimal", "date", "moment", "duration"] as const).flatMap(
      (each): [Aggregate["name"], Kind, readonly Kind[]][] => [
        ["Min", each, [each]],
        ["Max", each, [each]],
      ],
    ),
    ...(inWindow ? [] : [["StringAgg", "text", ["text"]] as [Aggregate["name"], Kind, readonly Kind[]]]),
    ...(inWindow ? [] : [["StringAgg", "text", ["text"]] as [Aggregate["name"], Kind, readonly Kind[]]]),
  ];
  const able = choices.filter(([, gives]) => kind === undefined || gives === kind);
  return fc.constantFrom(...able).chain(([name, gives, kinds]) =>
    fc.constantFrom(...kinds).chain((of) =>
      fc
        .record({
          of: expr(of, 1, { ...place, named: false }),
          distinct: inWindow
            ? fc.constant(false)
            : fc.boolean().chain((maybe) => (maybe ? fc.boolean() : fc.constant(false))),
          filter: often(condition(0, { ...(place.joins && { joins: true }) }), 3),
          otherwise: name === "Count" ? fc.constant(undefined) : often(VALUES[gives as "text"], 2),
          sample: fc.boolean(),
          delimiter: fc.constantFrom(",", "", "'", "💥"),
          order: name === "StringAgg" ? often(order(place, 1), 7) : fc.constant(undefined),
          descending: fc.boolean(),
        })
        .map(({ sample, order: by, descending, ...rest }): Aggregate => {
          // Equal texts that count once are ordered by themselves; others in full, so that nothing is left open.
          const own: Order = { by: rest.of, descending, nulls: undefined };
          const ordered =
            name !== "StringAgg" ? [] : rest.distinct ? [own] : [...(by === undefined ? [] : [by]), BY_ID];
          return {
            ...rest,
            name,
            kind: gives,
            sample: sample && (name === "StdDev" || name === "Variance"),
            order: ordered,
          };
        }),
    ),
  );
}

const window: fc.Arbitrary<WindowSpec> = fc
  .record({
    partition: fc.array(
      fc.constantFrom<Kind>("integer", "text", "date").chain((kind) => expr(kind, 1, { joins: true })),
      { maxLength: 1 },
    ),
    order: fc.array(order({ joins: true }, 1), { minLength: 1, maxLength: 2 }),
    ordered: fc.boolean(),
    measured: fc.constantFrom("n", "m", "p", "x"),
    descending: fc.boolean(),
  })
  .chain(({ partition, order: by, ordered, measured, descending }) => {
    const full = [...by, BY_ID];
    const rank = fc.constantFrom("Rank" as const, "DenseRank" as const, "PercentRank" as const, "CumeDist" as const);
    const ends = fc.tuple(orNull(fc.integer({ min: -2, max: 2 })), orNull(fc.integer({ min: -2, max: 2 })));
    const frameOf = (unit: "rows" | "range") =>
      fc
        .record({ ends, exclude: often(fc.constantFrom("currentRow" as const, "group" as const, "ties" as const), 3) })
        .map(({ ends: [a, b], exclude }) => {
          const [start, end] = a !== null && b !== null && a > b ? [b, a] : [a, b];
          return { unit, start, end, exclude };
        });
    const source = fc
      .constantFrom<Kind>("integer", "text", "decimal", "date", "duration")
      .chain((kind) => expr(kind, 1, { joins: true }));
    const offset = fc
      .record({
        name: fc.constantFrom("Lag" as const, "Lead" as const),
        of: source,
        offset: fc.integer({ min: 0, max: 2 }),
        otherwise: fc.constant(undefined as Value | undefined),
      })
      .chain((each) => often(VALUES[each.of.kind as "text"], 4).map((otherwise) => ({ ...each, otherwise })));
    const nth = fc.oneof(
      fc.record({ name: fc.constantFrom("FirstValue" as const, "LastValue" as const), of: source }),
      fc.record({ name: fc.constant("NthValue" as const), of: source, count: fc.integer({ min: 1, max: 3 }) }),
    );
    const kindOf = (of: WindowSpec["of"]): Kind =>
      of.name === "aggregate"
        ? of.of.kind
        : "of" in of
          ? of.of.kind
          : of.name === "PercentRank" || of.name === "CumeDist"
            ? "float"
            : "integer";
    const put = (of: WindowSpec["of"], order_: readonly Order[], frame?: WindowSpec["frame"]): WindowSpec => ({
      kind: kindOf(of),
      of,
      partition,
      order: order_,
      frame,
    });
    const distance: Order = {
      by: { op: "column", path: measured, kind: MEASURED[measured] as Kind },
      descending,
      nulls: undefined,
    };
    const total = aggregate({ joins: true }, undefined, true).map((of) => ({ name: "aggregate" as const, of }));
    return fc.oneof(
      rank.map((name) => put({ name }, by)),
      fc
        .oneof(
          fc.constant({ name: "RowNumber" as const }),
          fc.integer({ min: 1, max: 4 }).map((count) => ({ name: "Ntile" as const, count })),
        )
        .map((of) => put(of, full)),
      offset.map((of) => put(of, full)),
      fc.tuple(nth, often(frameOf("rows"), 6)).map(([of, frame]) => put(of, full, frame)),
      total.map((of) => put(of, ordered ? by : [])),
      fc.tuple(total, frameOf("rows")).map(([of, frame]) => put(of, full, frame)),
      fc.tuple(total, frameOf("range")).map(([of, frame]) => put(of, [distance], frame)),
    );
  });

const MEASURED: Readonly<Record<string, Kind>> = { n: "integer", m: "integer", p: "decimal", x: "float" };
const SHOWN: readonly Kind[] = [
  "integer",
  "text",
  "decimal",
  "float",
  "date",
  "moment",
  "time",
  "duration",
  "boolean",
  "json",
];

const UPDATES = [
  ["m", "integer"],
  ["u", "text"],
  ["len", "duration"],
  ["at", "moment"],
] as const;

const KYSELY_COLUMNS = {
  n: "integer",
  m: "integer",
  t: "text",
  u: "text",
  p: "decimal",
  d: "date",
  at: "moment",
  len: "duration",
  flag: "boolean",
} as const;

const kyselyPart = fc
  .constantFrom(...(Object.entries(KYSELY_COLUMNS) as [string, Exclude<Kind, "json">][]))
  .chain(([column, kind]) =>
    fc
      .constantFrom(
        "=" as const,
        "!=" as const,
        ">" as const,
        "<=" as const,
        "is null" as const,
        "is not null" as const,
        "in" as const,
      )
      .chain((operator) => {
        const value = operator === "in" ? fc.array(VALUES[kind], { minLength: 1, maxLength: 3 }) : VALUES[kind];
        return (value as fc.Arbitrary<Value | Value[]>).map((each) => ({ column, operator, value: each }));
      }),
  );

/** Of what a group has in common there is one value. */
function anyOf(by: Expr): Aggregate {
  const whole = { distinct: false, filter: undefined, otherwise: undefined, sample: false, delimiter: "", order: [] };
  return { name: "AnyValue", kind: by.kind, of: by, ...whole };
}

const ask: fc.Arbitrary<Ask> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Ask>({ kind: "rows" }) },
  { weight: 1, arbitrary: fc.constantFrom<Ask>({ kind: "count" }, { kind: "exists" }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("contains" as const, "inBulk" as const, "in" as const)
      .map((by): Ask => ({ kind: "keys", by })),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(aggregate({ joins: true }), { minLength: 1, maxLength: 2 })
      .map((of): Ask => ({ kind: "aggregate", of })),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({
        by: fc
          .constantFrom<Kind>("integer", "text", "date", "duration", "boolean")
          .chain((kind) => expr(kind, 1, { joins: true }))
          .filter(readsRows),
        of: fc.array(aggregate({ joins: true }), { minLength: 1, maxLength: 2 }),
        lookup: fc.constantFrom("exact" as const, "gt" as const, "lte" as const),
      })
      .chain((each) => fc.boolean().map((any) => (any ? { ...each, of: [...each.of, anyOf(each.by)] } : each)))
      .chain(({ lookup, ...rest }) =>
        often(VALUES[(rest.of[0] as Aggregate).kind as "text"], 4).map(
          (value): Ask => ({ kind: "groups", ...rest, having: value === undefined ? undefined : { lookup, value } }),
        ),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...UPDATES)
      .chain(([field, kind]) =>
        expr(kind, 2, { joins: true, subqueries: true }).map((to): Ask => ({ kind: "update", field, to })),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<Kind>("integer", "text", "date", "moment", "float", "duration", "boolean")
      .chain((kind) => fc.tuple(expr(kind, 2, ALONE), expr("boolean", 2, ALONE)))
      .map(([extra, asked]): Ask => ({ kind: "raw", extra, condition: asked })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("kysely" as const),
      parts: fc.array(kyselyPart, { minLength: 1, maxLength: 3 }),
      any: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({
        kind: fc.constant("dates" as const),
        path: fc.constantFrom("d" as const, "at" as const),
        to: fc.constantFrom("year" as const, "quarter" as const, "month" as const, "week" as const, "day" as const),
        descending: fc.boolean(),
      }),
      fc.record({
        kind: fc.constant("datetimes" as const),
        path: fc.constant("at" as const),
        to: fc.constantFrom(
          "year" as const,
          "month" as const,
          "week" as const,
          "day" as const,
          "hour" as const,
          "minute" as const,
        ),
        descending: fc.boolean(),
      }),
    ),
  },
);

const annotation = fc.constantFrom(...SHOWN).chain((kind) => expr(kind, 2, ANYWHERE));
/** Asked of whichever annotation or window there is, once it is known. */
const question = fc.record({
  index: fc.nat({ max: 9 }),
  values: fc.record(VALUES),
  lookup: fc.constantFrom("exact" as const, "gt" as const, "lte" as const, "isnull" as const),
  not: fc.boolean(),
});

/** A query of items. */
export const query: fc.Arbitrary<Query> = fc
  .record({
    alias: fc.constantFrom("default" as const, "other" as const),
    annotations: fc.array(annotation, { maxLength: 3 }),
    where: fc.array(
      fc.record({
        kind: fc.constantFrom("filter" as const, "exclude" as const),
        condition: fc.constantFrom(0, 1, 2).chain((depth) => condition(depth, { joins: true, subqueries: true })),
      }),
      { maxLength: 2 },
    ),
    windows: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.array(window, { minLength: 1, maxLength: 2 }) },
    ),
    qualify: fc.array(question, { maxLength: 2 }),
    joined: fc.constantFrom("and" as const, "or" as const),
    order: fc.array(order(ANYWHERE, 1), { maxLength: 2 }),
    slice: often(fc.tuple(fc.nat({ max: 3 }), often(fc.nat({ max: 6 }), 7)), 2),
    ask,
  })
  .map(settle);

/** Whether an expression is about a row; SQL that is written by hand may be. Rows are grouped by nothing else. */
function readsRows(expr: Expr): boolean {
  switch (expr.op) {
    case "value":
      return false;
    case "arithmetic":
      return readsRows(expr.left) || readsRows(expr.right);
    case "call":
      return expr.args.some(readsRows);
    case "cast":
      return readsRows(expr.of);
    default:
      return true;
  }
}

interface Raw extends Omit<Query, "annotations" | "windows" | "qualify"> {
  readonly annotations: readonly Expr[];
  readonly windows: readonly WindowSpec[];
  readonly qualify: readonly {
    readonly index: number;
    readonly values: Readonly<Record<string, Value>>;
    readonly lookup: Lookup;
    readonly not: boolean;
  }[];
  readonly joined: "and" | "or";
}

/** Makes a query of parts that fit each other: names for what is computed, an order that leaves nothing open. */
function settle(raw: Raw): Query {
  const { ask: asked } = raw;
  const whole = asked.kind === "raw" || asked.kind === "kysely";
  const plain =
    whole || asked.kind === "groups" || asked.kind === "update" || asked.kind === "dates" || asked.kind === "datetimes";
  const known: { name: string; kind: Kind }[] = [];
  const annotations = (plain ? [] : raw.annotations).map((expression, index) => {
    const found = { name: `a${index}`, expression: renamed(expression, known) };
    known.push({ name: found.name, kind: expression.kind });
    return found;
  });
  const windows = (plain ? [] : raw.windows).map((each, index) => ({ name: `w${index}`, window: each }));
  for (const { name, window: each } of windows) known.push({ name, kind: each.kind });
  const able = known.filter(({ kind }) => kind !== "json" && kind !== "time");
  const questions = raw.qualify.flatMap(({ index, values, lookup, not }): Condition[] => {
    const of = able[index % Math.max(able.length, 1)];
    if (of === undefined) return [];
    const value = lookup === "isnull" ? index % 2 === 0 : (values[of.kind] as Value);
    const about = of.kind === "boolean" && lookup !== "isnull" ? "exact" : lookup;
    const found: Condition = { kind: "lookup", of, lookup: about, value };
    return [not ? { kind: "not", child: found } : found];
  });
  const [first, ...others] = questions;
  const qualify = first === undefined || others.length === 0 ? first : { kind: raw.joined, children: questions };
  return {
    alias: raw.alias,
    annotations,
    where: whole ? [] : raw.where,
    windows,
    qualify,
    order: [...raw.order, BY_ID],
    slice: plain || (asked.kind === "keys" && asked.by === "inBulk") ? undefined : raw.slice,
    ask: asked,
  };
}

/** An annotation that is named is one of the same kind before; else there is a column. */
function renamed(expr: Expr, known: readonly { name: string; kind: Kind }[]): Expr {
  switch (expr.op) {
    case "named": {
      const found = known.find(({ kind }) => kind === expr.kind);
      if (found !== undefined) return { ...expr, name: found.name };
      const [column] = COLUMNS[expr.kind];
      return { op: "column", path: column as string, kind: expr.kind };
    }
    case "arithmetic":
      return { ...expr, left: renamed(expr.left, known), right: renamed(expr.right, known) };
    case "call":
    case "sql":
      return { ...expr, args: expr.args.map((each) => renamed(each, known)) };
    case "cast":
      return { ...expr, of: renamed(expr.of, known) };
    case "case":
      return {
        ...expr,
        whens: expr.whens.map((when) => ({ ...when, value: renamed(when.value, known) })),
        otherwise: expr.otherwise && renamed(expr.otherwise, known),
      };
    default:
      return expr;
  }
}
