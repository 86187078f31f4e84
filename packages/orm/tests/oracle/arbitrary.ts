import fc from "fast-check";
import {
  chains,
  columnOf,
  endOf,
  isMany,
  type ModelName,
  onlySome,
  type Path,
  relationsOf,
  SCHEMA,
  type Tables,
  written,
} from "./schema.ts";
import {
  type Chosen,
  type Computed,
  type Condition,
  isColumn,
  type Loads,
  type Lookup,
  mentions,
  type Operand,
  type Operator,
  type Order,
  type Prefetched,
  type Rows,
  readsRows,
  type Spec,
  type Step,
} from "./spec.ts";

const ID: Path = { hops: [], column: "id" };
const TEXTS = ["a", "A", "ab", "ä", "Äb", "b%", "b_", "\\", ""];
const PRICES = [-1.5, 0, 0.5, 1, 2.25, 10];
const MODELS = Object.keys(SCHEMA) as ModelName[];

const text = fc.constantFrom(...TEXTS);
const number = fc.integer({ min: -1, max: 3 });
const price = fc.constantFrom(...PRICES);
/** Present in so many of ten cases. */
const often = <T>(arbitrary: fc.Arbitrary<T>, tenths: number) =>
  fc.oneof({ weight: 10 - tenths, arbitrary: fc.constant(undefined) }, { weight: tenths, arbitrary });
const slice = fc.tuple(fc.nat({ max: 3 }), often(fc.nat({ max: 6 }), 7));
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 2 });

/** Small tables: few enough values for conditions to meet rows, and nulls in each column that takes them. */
export const tables: fc.Arbitrary<Tables> = fc
  .record({
    Author: rows(4, { name: text, age: orNull(number), boss: fc.nat(), hasBoss: fc.boolean() }),
    Profile: rows(3, { motto: orNull(text), lucky: number }),
    Publisher: rows(3, { name: text, city: orNull(text) }),
    Tag: rows(4, { label: text, weight: orNull(number), parent: fc.nat(), hasParent: fc.boolean() }),
    Book: rows(7, {
      title: text,
      pages: number,
      stock: orNull(number),
      price: orNull(price),
      author: fc.nat(),
      editor: orNull(fc.nat()),
      publisher: orNull(fc.nat()),
      tags: fc.array(fc.nat(), { maxLength: 3 }),
    }),
    Review: rows(7, { stars: orNull(number), text, book: fc.nat(), by: orNull(fc.nat()) }),
  })
  .map((made) => {
    const key = (to: readonly unknown[], index: unknown) =>
      typeof index === "number" && to.length > 0 ? (index % to.length) + 1 : null;
    const ids = <T extends object>(given: readonly T[]) => given.map((row, index) => ({ ...row, id: index + 1 }));
    // A row refers only to earlier rows of its own table, so that they can be inserted in order.
    const earlier = (index: unknown, has: unknown, before: number) =>
      has === true && before > 0 ? ((index as number) % before) + 1 : null;
    const authors = made.Author.length === 0 ? [{ name: "a", age: null, boss: 0, hasBoss: false }] : made.Author;
    const books = made.Book.length === 0 ? [] : made.Book;
    const links = books.flatMap(({ tags }, index) =>
      [...new Set((tags as number[]).map((tag) => key(made.Tag, tag)))].flatMap((tag) =>
        tag === null ? [] : [{ book: index + 1, tag }],
      ),
    );
    return {
      Author: ids(authors).map(({ id, name, age, boss, hasBoss }) => ({
        id,
        name,
        age,
        bossId: earlier(boss, hasBoss, id - 1),
      })),
      Profile: ids(made.Profile.slice(0, authors.length)).map((row) => ({ ...row, authorId: row.id })),
      Publisher: ids(made.Publisher),
      Tag: ids(made.Tag).map(({ id, label, weight, parent, hasParent }) => ({
        id,
        label,
        weight,
        parentId: earlier(parent, hasParent, id - 1),
      })),
      Book: ids(books).map(({ tags: _, author, editor, publisher, ...row }) => ({
        ...row,
        authorId: key(authors, author),
        editorId: key(authors, editor),
        publisherId: key(made.Publisher, publisher),
      })),
      Review:
        books.length === 0
          ? []
          : ids(made.Review).map(({ book, by, ...row }) => ({
              ...row,
              bookId: key(books, book),
              byId: key(authors, by),
            })),
      links,
    } as unknown as Tables;
  });

function rows<T>(most: number, columns: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T[]> {
  return fc.array(fc.record(columns) as unknown as fc.Arbitrary<T>, {
    maxLength: most,
    minLength: Math.min(most, 2),
    size: "max",
  });
}

interface PathOptions {
  readonly many?: boolean;
  readonly most?: number;
  readonly kinds?: readonly string[];
  /** Relations that paths begin with more often: conditions that share them are the hard ones. */
  readonly focus?: readonly string[];
}

function pathsOf(model: ModelName, { many = true, most = 3, kinds }: PathOptions = {}): Path[][] {
  const all = chains(model, most).flatMap((hops) => {
    const columns = Object.entries(SCHEMA[endOf(model, hops)].columns);
    return columns.filter(([, { kind }]) => kinds?.includes(kind) ?? true).map(([column]): Path => ({ hops, column }));
  });
  const allowed = all.filter((path) => many || !isMany(model, path));
  const byLength = [0, 1, 2, 3].map((length) => allowed.filter(({ hops }) => hops.length === length));
  return byLength.filter((paths) => paths.length > 0);
}

/** A path; each number of hops is as likely, so that long ones, of which there are many, do not drown the others. */
function path(model: ModelName, options: PathOptions = {}): fc.Arbitrary<Path> {
  const byLength = pathsOf(model, options);
  const { focus } = options;
  const near = focus && byLength.flat().filter(({ hops }) => focus.every((hop, index) => hops[index] === hop));
  const anywhere = fc.oneof(...byLength.map((paths) => fc.constantFrom(...paths)));
  return near === undefined || near.length === 0
    ? anywhere
    : fc.oneof(anywhere, { weight: 2, arbitrary: fc.constantFrom(...near) });
}

const NUMBER_LOOKUPS: readonly Lookup[] = ["exact", "gt", "gte", "lt", "lte", "in", "range"];
const TEXT_LOOKUPS: readonly Lookup[] = [
  "exact",
  "iexact",
  "contains",
  "icontains",
  "startswith",
  "istartswith",
  "endswith",
  "iendswith",
  "gt",
  "lte",
  "in",
];

function literal(kind: string): fc.Arbitrary<string | number> {
  return kind === "text" ? text : kind === "decimal" ? price : number;
}

function operand(model: ModelName, kind: string, lookup: Lookup): fc.Arbitrary<Operand> {
  const value = literal(kind);
  if (lookup === "in") return fc.array(orNull(value), { maxLength: 3 });
  if (lookup === "range") return fc.tuple(value, value) as fc.Arbitrary<Operand>;
  if (lookup === "exact")
    return fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) }, column(model, kind));
  if (["gt", "gte", "lt", "lte"].includes(lookup))
    return fc.oneof({ weight: 3, arbitrary: value }, column(model, kind));
  return value;
}

/** A column on the right side. */
function column(model: ModelName, kind: string): { weight: number; arbitrary: fc.Arbitrary<Operand> } {
  const kinds = [kind];
  if (pathsOf(model, { many: false, most: 2, kinds }).length === 0) return { weight: 0, arbitrary: fc.constant(null) };
  const plus = kind === "integer" ? often(fc.integer({ min: -2, max: 2 }), 4) : fc.constant(undefined);
  const arbitrary = fc.record({ column: path(model, { many: false, most: 2, kinds }), plus });
  return { weight: 2, arbitrary: arbitrary as fc.Arbitrary<Operand> };
}

function lookupOn(model: ModelName, options?: PathOptions): fc.Arbitrary<Condition> {
  return path(model, options).chain((of): fc.Arbitrary<Condition> => {
    const { kind } = columnOf(model, of);
    const lookups = kind === "text" ? TEXT_LOOKUPS : NUMBER_LOOKUPS;
    const plain = fc.constantFrom(...lookups).chain((lookup) =>
      fc.record({
        kind: fc.constant("lookup" as const),
        of: of.column === "id" && of.hops.length > 0 ? fc.boolean().map((bare) => ({ ...of, bare })) : fc.constant(of),
        lookup: fc.constant(lookup),
        value: operand(model, kind, lookup),
      }),
    );
    const missing = fc.boolean().map((value): Condition => ({ kind: "lookup", of, lookup: "isnull", value }));
    return fc.oneof({ weight: 4, arbitrary: plain }, { weight: 1, arbitrary: missing });
  });
}

/** Whether a value is among those of another query. */
function within(model: ModelName, focus: readonly string[]): fc.Arbitrary<Condition> {
  const rows = fc.constantFrom(...MODELS).chain(
    (inner): fc.Arbitrary<Rows> =>
      fc.record({
        model: fc.constant(inner),
        condition: fc.oneof(
          lookupOn(inner),
          lookupOn(inner).map((child): Condition => ({ kind: "not", child })),
        ),
        value: often(path(inner, { many: false, most: 1, kinds: ["integer"] }), 8),
        combined: often(combined(inner, []), 2),
        distinct: often(fc.constant(true), 2),
        slice: often(slice, 2),
        descending: fc.boolean(),
      }),
  );
  return fc.record({
    kind: fc.constant("lookup" as const),
    of: path(model, { focus, kinds: ["integer"] }),
    lookup: fc.constant("in" as const),
    value: rows.map((made) => ({ rows: made })),
  });
}

/** A question about an annotation; which one is settled when it is known what there is. */
const aboutAnnotation: fc.Arbitrary<Condition> = fc
  .record({
    index: fc.nat({ max: 9 }),
    lookup: fc.constantFrom<Lookup>("exact", "gt", "gte", "lt", "isnull", "in"),
    value: number,
  })
  .map(({ index, lookup, value }) => ({
    kind: "lookup",
    of: `?${index}`,
    lookup,
    value: lookup === "isnull" ? value > 1 : lookup === "in" ? [value, null, value + 1] : value,
  }));

function condition(model: ModelName, focus: readonly string[], depth: number): fc.Arbitrary<Condition> {
  const leaf = fc.oneof(
    { weight: 6, arbitrary: lookupOn(model, { focus }) },
    { weight: 2, arbitrary: aboutAnnotation },
    { weight: 1, arbitrary: within(model, focus) },
  );
  if (depth === 0) return leaf;
  const child = condition(model, focus, depth - 1);
  const several = fc.record({
    kind: fc.constantFrom("and" as const, "or" as const, "or" as const, "xor" as const),
    children: fc.array(child, { minLength: 2, maxLength: 3 }),
  });
  const not = child.map((inner): Condition => ({ kind: "not", child: inner }));
  return fc.oneof({ weight: 4, arbitrary: leaf }, { weight: 3, arbitrary: several }, { weight: 2, arbitrary: not });
}

function aggregate(model: ModelName, focus?: readonly string[]): fc.Arbitrary<Computed> {
  return fc
    .constantFrom("Count" as const, "Count" as const, "Sum" as const, "Avg" as const, "Min" as const, "Max" as const)
    .chain((name) => {
      const kinds =
        name === "Count"
          ? undefined
          : name === "Min" || name === "Max"
            ? ["integer", "text", "decimal"]
            : ["integer", "decimal"];
      return fc.record({
        kind: fc.constant("aggregate" as const),
        name: fc.constant(name),
        path: path(model, { most: 2, ...(kinds && { kinds }), ...(focus && { focus }) }),
        distinct: name === "Count" ? fc.boolean() : fc.constant(false),
        filter: often(lookupOn(model, { most: 1 }), 3),
      });
    });
}

function computed(model: ModelName, focus: readonly string[]): fc.Arbitrary<Computed> {
  const one = path(model, { many: false, most: 2 });
  const many = path(model, { most: 2, focus });
  const plain = fc.oneof({ weight: 3, arbitrary: one }, { weight: 1, arbitrary: many }).map((of): Computed => {
    const plus = columnOf(model, of).kind === "integer" ? 1 : undefined;
    return { kind: "column", path: of, plus };
  });
  return fc.oneof(plain, { weight: 2, arbitrary: aggregate(model, focus) });
}

function step(model: ModelName, focus: readonly string[]): fc.Arbitrary<Step[]> {
  const asked = fc.record({
    kind: fc.constantFrom("filter" as const, "exclude" as const),
    condition: fc.constantFrom(0, 0, 1, 2).chain((depth) => condition(model, focus, depth)),
  });
  const named = fc
    .record({ expression: computed(model, focus), hidden: often(fc.constant(true), 2) })
    .map(({ expression, hidden }): Step => {
      // Beside aggregates, rows are in groups of what they show: what one row has several of is shown.
      const able = hidden === true && (expression.kind === "aggregate" || !isMany(model, expression.path));
      return { kind: "annotate", name: "?", expression, ...(able && { hidden }) };
    });
  // Two calls that ask about the same relation, each about a row of its own, and that many rows meet.
  const positive = fc
    .record({
      kind: fc.constant("lookup" as const),
      of: path(model, { focus, most: 2, kinds: ["integer"] }),
      lookup: fc.constantFrom("gte" as const, "lte" as const),
      value: fc.integer({ min: 0, max: 2 }),
    })
    .map((each): Step => ({ kind: "filter", condition: each }));
  const twice = fc.tuple(positive, positive);
  const alone = fc.oneof({ weight: 5, arbitrary: asked }, { weight: 4, arbitrary: named }).map((each) => [each]);
  return fc.oneof({ weight: 4, arbitrary: alone }, { weight: 1, arbitrary: twice });
}

/** What comes together with a query. */
function combined(model: ModelName, focus: readonly string[]): fc.Arbitrary<NonNullable<Spec["combined"]>> {
  return fc.record({
    operator: fc.constantFrom<Operator>("union", "union all", "intersection", "difference"),
    others: fc.array(lookupOn(model, { focus }), { minLength: 1, maxLength: 2 }),
    cut: often(
      fc
        .record({
          distinct: fc.boolean(),
          by: path(model, { many: false, most: 1 }),
          descending: fc.boolean(),
          slice: fc.tuple(fc.nat({ max: 1 }), fc.integer({ min: 1, max: 4 })),
        })
        .map(({ distinct, by, descending, slice: some }) => ({
          distinct,
          order: [
            { by, descending, nulls: "first" as const },
            { by: ID, descending: false, nulls: "first" as const },
          ],
          slice: some,
        })),
      4,
    ),
  });
}

/** Relations that are read with the rows: to one row by the same query or another, to many by another. */
function loads(model: ModelName, able: Able): fc.Arbitrary<Loads> {
  const all = chains(model, 2).filter((hops) => hops.length > 0);
  const toOne = all.filter((hops) => !isMany(model, { hops, column: "id" }));
  const some = (from: string[][]) =>
    from.length === 0 ? fc.constant<string[][]>([]) : fc.uniqueArray(fc.constantFrom(...from), { maxLength: 2 });
  const toMany = all.filter((hops) => relationsOf(model, hops).at(-1)?.many);
  const one = fc
    .oneof(fc.constantFrom(...all), { weight: 2, arbitrary: fc.constantFrom(...(toMany.length > 0 ? toMany : all)) })
    .chain((hops) => someRows(endOf(model, hops), able).map((rows): Prefetched => ({ hops, rows })));
  return fc
    .record({ selectRelated: some(toOne), whole: some(all), one: often(one, 6) })
    .map(({ selectRelated, whole, one: chosen }): Loads => {
      const led = chosen?.hops.join("__") ?? "";
      // What stands in place of a relation is what a path through it leads to.
      const apart = (hops: readonly string[]) =>
        chosen === undefined || !`${hops.join("__")}__`.startsWith(`${led}__`) || chosen.rows?.toAttr === true;
      const others = whole.filter((hops) => apart(hops) && hops.join("__") !== led).map((hops) => ({ hops }));
      return {
        selectRelated: selectRelated.filter(apart),
        prefetchRelated: chosen === undefined ? others : [...others, chosen],
      };
    });
}

/** Some of the rows that a relation leads to, in an order. */
function someRows(model: ModelName, { distinctOn }: Able): fc.Arbitrary<Prefetched["rows"]> {
  const kept = fc.record({
    kind: fc.constantFrom("filter" as const, "exclude" as const),
    condition: lookupOn(model, { most: 2 }),
  });
  // One value of each row, so that the order leaves nothing open.
  const value = computed(model, []).filter((each) => each.kind === "aggregate" || !isMany(model, each.path));
  const columns = Object.keys(SCHEMA[model].columns);
  const distinct = fc.oneof(
    { weight: 4, arbitrary: fc.constant(false) },
    { weight: 2, arbitrary: fc.constant(true) },
    { weight: distinctOn ? 2 : 0, arbitrary: fc.constantFrom(...columns) },
  );
  return fc
    .record({
      steps: fc
        .tuple(fc.array(kept, { maxLength: 2 }), often(value, 3))
        .map(([conditions, extra]): Step[] =>
          extra === undefined ? conditions : [{ kind: "annotate", name: "extra", expression: extra }, ...conditions],
        ),
      by: fc.record({
        by: path(model, { many: false, most: 1 }),
        descending: fc.boolean(),
        nulls: fc.constantFrom("first" as const, "last" as const),
      }),
      distinct,
      slice: often(fc.tuple(fc.nat({ max: 1 }), fc.constantFrom(1, 2, undefined)), 7),
      toAttr: fc.boolean(),
    })
    .map((rows) => (typeof rows.distinct === "string" ? { ...rows, slice: undefined } : rows));
}

/** Columns that instances have, of their own or of the one row that a relation leads to. */
function chosen(model: ModelName): fc.Arbitrary<Chosen> {
  return fc.record({
    by: fc.constantFrom("only" as const, "defer" as const),
    paths: fc
      .array(path(model, { many: false, most: 1 }), { minLength: 1, maxLength: 3 })
      .map((paths) => paths.filter(({ column }) => column !== "id")),
  });
}

/** What only some databases can. */
export interface Able {
  readonly distinctOn: boolean;
}

/** A query on one of the models. */
export const specs = ({ distinctOn }: Able): fc.Arbitrary<Spec> =>
  fc.constantFrom(...MODELS.flatMap(focuses)).chain(([model, focus]) =>
    fc
      .record({
        steps: fc.array(step(model, focus), { maxLength: 3, minLength: 1 }).map((each) => each.flat()),
        group: often(fc.array(path(model, { most: 2 }), { minLength: 1, maxLength: 2 }), 2),
        aggregates: fc.array(aggregate(model), { minLength: 1, maxLength: 2 }),
        having: often(aboutAnnotation, 5),
        values: often(fc.array(path(model, { most: 2, focus }), { minLength: 1, maxLength: 3 }), 3),
        form: fc.constantFrom("values" as const, "values" as const, "valuesList" as const),
        combined: often(combined(model, focus), 1),
        loads: often(loads(model, { distinctOn }), 5),
        distinct: fc.boolean().chain((maybe) => (maybe ? fc.boolean() : fc.constant(false))),
        apart: often(fc.array(path(model, { most: 1, focus }), { minLength: 1, maxLength: 2 }), distinctOn ? 2 : 0),
        reversed: often(fc.constant(true), 2),
        chosen: often(chosen(model), 4),
        read: often(fc.constantFrom("locked" as const, 1, 2, 3), 2),
        order: fc.array(
          fc.record({
            by: fc.oneof(
              { weight: 3, arbitrary: path(model, { most: 2, focus }) },
              { weight: 1, arbitrary: fc.nat({ max: 9 }).map((index) => `?${index}`) },
            ),
            descending: fc.boolean(),
            nulls: fc.constantFrom("first" as const, "last" as const),
          }),
          { maxLength: 2 },
        ),
        slice: often(slice, 3),
        ask: fc.oneof(
          { weight: 9, arbitrary: fc.constant("rows" as const) },
          { weight: 3, arbitrary: fc.constantFrom("first" as const, "last" as const, "earliest" as const) },
          { weight: 3, arbitrary: fc.constantFrom("latest" as const, "get" as const) },
          { weight: 2, arbitrary: fc.constantFrom("keys" as const, "members" as const) },
          { weight: 9, arbitrary: fc.constantFrom("count" as const, "exists" as const, "aggregate" as const) },
          { weight: 2, arbitrary: fc.constantFrom("update" as const, "delete" as const) },
        ),
      })
      .chain((raw) => {
        const settled = settle(model, raw);
        const hop = focus[0];
        // Of a many-to-many one the links stay, each without a row behind it.
        const links = (model === "Book" && hop === "tags") || (model === "Tag" && hop === "books");
        if (hop === undefined || links) return fc.constant(settled);
        return often(onlyWhere(endOf(model, [hop])), 3).map((made) =>
          made === undefined ? settled : filtered(settled, hop, made),
        );
      }),
  );

/** A condition on columns of a model's own. */
function onlyWhere(model: ModelName): fc.Arbitrary<Condition> {
  const own = lookupOn(model, { most: 0 }).filter(
    (each) => each.kind === "lookup" && !(isColumn(each.value) && each.value.column.hops.length > 0),
  );
  const several = fc.record({
    kind: fc.constantFrom("and" as const, "or" as const),
    children: fc.array(own, { minLength: 2, maxLength: 2 }),
  });
  const not = own.map((child): Condition => ({ kind: "not", child }));
  return fc.oneof({ weight: 3, arbitrary: own }, several, not);
}

/** The same query with two of three paths through a relation led by way of one of which only some rows count. */
function filtered(spec: Spec, hop: string, condition: Condition): Spec {
  const lead = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(lead);
    if (typeof value !== "object" || value === null || "rows" in value) return value;
    if ("hops" in value) return through(value as Path);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, lead(each)]));
  };
  // What is a value and an order is led the same way.
  const through = (path: Path): Path => {
    const [first, ...others] = path.hops;
    return first !== hop || written(path).length % 3 === 2 ? path : { ...path, hops: [onlySome(hop), ...others] };
  };
  const { loads, chosen: some } = spec;
  return { ...(lead(spec) as Spec), loads, chosen: some, only: { hop, condition } };
}

function focuses(model: ModelName): [ModelName, string[]][] {
  return chains(model, 1).map((hops) => [model, hops]);
}

interface Raw extends Omit<Spec, "model" | "grouped"> {
  readonly aggregates: readonly Computed[];
  readonly having: Condition | undefined;
  readonly apart: readonly Path[] | undefined;
}

const ANYTHING: Condition = { kind: "lookup", of: ID, lookup: "gte", value: 0 };

/** Makes a query of parts that fit each other: names for annotations, an order that leaves nothing open. */
function settle(model: ModelName, raw: Raw): Spec {
  const grouping = raw.group !== undefined;
  const known: string[] = [];
  const hidden = new Set<string>();
  const aggregates = new Set<string>();
  const textual = new Set<string>();
  const name = (step: Step): Step => {
    if (step.kind !== "annotate") return { kind: step.kind, condition: resolve(step.condition) };
    const made = `a${known.length}`;
    known.push(made);
    if (step.hidden === true) hidden.add(made);
    if (step.expression.kind === "aggregate") aggregates.add(made);
    const { expression } = step;
    const counts = expression.kind === "aggregate" && expression.name === "Count";
    if (!counts && columnOf(model, expression.path).kind !== "integer") textual.add(made);
    return { ...step, name: made };
  };
  const resolve = (condition: Condition): Condition => {
    const named = renamed(condition);
    return mentions(named, aggregates) ? singleValued(named) : named;
  };
  const renamed = (condition: Condition): Condition => {
    if (condition.kind === "not") return { kind: "not", child: renamed(condition.child) };
    if (condition.kind !== "lookup") return { ...condition, children: condition.children.map(renamed) };
    if (typeof condition.of !== "string") return condition;
    const numeric = known.filter((each) => !textual.has(each));
    if (numeric.length === 0) return ANYTHING;
    return { ...condition, of: numeric[Number(condition.of.slice(1)) % numeric.length] as string };
  };
  // What is asked of a group must be one value of it.
  const singleValued = (condition: Condition): Condition => {
    if (condition.kind === "not") return { kind: "not", child: singleValued(condition.child) };
    if (condition.kind !== "lookup") return { ...condition, children: condition.children.map(singleValued) };
    return typeof condition.of !== "string" && isMany(model, condition.of) ? ANYTHING : condition;
  };

  // Groups by values take their aggregates after them.
  const steps = raw.steps.filter((each) => !grouping || each.kind !== "annotate").map(name);
  const afterwards: Step[] = grouping
    ? [
        ...raw.aggregates.map((expression): Step => ({ kind: "annotate", name: "?", expression })),
        ...(raw.having === undefined ? [] : [{ kind: "filter", condition: raw.having } as const]),
      ]
    : [];
  const grouped = afterwards.map(name);
  const aggregated = aggregates.size > 0;
  const combination = grouping ? undefined : raw.combined;
  const ask = askable(raw.ask, grouping, combination !== undefined);
  const reads = readsRows(ask);
  const writes = ask === "update" || ask === "delete";
  const ofInstances = ask === "keys" || ask === "members";
  const once = (paths: readonly Path[]) => [...new Map(paths.map((each) => [written(each), each])).values()];
  const group = raw.group === undefined ? undefined : once(raw.group);
  const values =
    grouping || ask === "aggregate" || writes || ofInstances
      ? undefined
      : raw.values && once(raw.values).filter((each) => !aggregated || !isMany(model, each));
  const shown = values === undefined || values.length === 0 ? undefined : values;
  // One row of each kind, of instances or their values.
  const apart = reads || ask === "count" || ask === "exists" || ask === "aggregate" ? raw.apart : undefined;
  const isApart = apart !== undefined && !grouping && !aggregated && combination === undefined;
  const distinct = isApart ? once(apart) : raw.distinct && !grouping && combination === undefined && !writes;
  // What takes the place of the order, or adds a condition, takes no part of the rows.
  const whole = writes || ask === "last" || ask === "earliest" || ask === "latest" || ask === "keys";
  // A slice from the first row to the last is none: what is counted is in no order then.
  const all = raw.slice?.[0] === 0 && raw.slice[1] === undefined;
  const slice = whole || all ? undefined : raw.slice;
  const orderly = combination === undefined ? known : known.filter((each) => !hidden.has(each));
  const orders: Order[] = raw.order.flatMap((item) => {
    if (typeof item.by !== "string") return [item];
    return orderly.length === 0 ? [] : [{ ...item, by: orderly[Number(item.by.slice(1)) % orderly.length] as string }];
  });
  // Combined rows are ordered by what they show.
  const isShown = (by: Path) => (shown ?? [ID]).some((each) => written(each) === written(by));
  const allowed = (by: Path | string) =>
    typeof by === "string" || combination === undefined ? allowedAlone(by) : isShown(by);
  const allowedAlone = (by: Path | string) =>
    typeof by === "string" || (!grouping && ((reads && !aggregated) || !isMany(model, by)));
  const wanted = orders.filter(({ by }) => allowed(by));
  const last = (by: Path | string): Order => ({ by, descending: false, nulls: "first" });
  const bySlice = slice !== undefined;
  const byItself =
    raw.order.length > 0 || grouping || combination !== undefined || shown !== undefined || known.length > 0;
  const ordered =
    bySlice || isApart || (ask === "rows" ? raw.order.length > 0 : reads && ask !== "get" && !ofInstances && byItself);
  const always = ask === "earliest" || ask === "latest";
  // A value that is shown is ordered by, too: what is cut out must not be left to the database.
  const ends: Order[] = grouping
    ? [...(group ?? []).map(last), ...known.map(last)]
    : [...(shown ?? []).map(last), ...orderly.map(last), ...(combination !== undefined && shown ? [] : [last(ID)])];
  const begins = isApart ? (distinct as readonly Path[]).map(last) : [];
  const order = ordered || always ? [...begins, ...wanted, ...ends] : [];
  const instances = reads && !ofInstances && !grouping && shown === undefined && combination === undefined;
  const lockable = distinct === false && !grouping && !aggregated && combination === undefined;
  return {
    model,
    steps,
    group,
    grouped,
    values: shown,
    form: raw.form,
    distinct,
    order,
    reversed: always ? undefined : raw.reversed,
    slice,
    combined: combination && {
      ...combination,
      // What each of them shows is ordered by, too.
      cut: combination.cut && {
        ...combination.cut,
        order: [...combination.cut.order, ...(shown ?? []).map(last), ...orderly.map(last)],
      },
    },
    loads: instances ? raw.loads : undefined,
    chosen: instances && ask === "rows" && raw.loads === undefined ? raw.chosen : undefined,
    read: raw.read === "locked" && !lockable ? undefined : raw.read,
    ask,
  };
}

/** What can be asked of groups, and of combined rows. */
function askable(ask: Spec["ask"], grouping: boolean, combined: boolean): Spec["ask"] {
  if (!grouping && !combined) return ask;
  if (ask === "rows" || ask === "first" || ask === "last" || ask === "get" || ask === "exists") return ask;
  if (ask === "earliest" || ask === "latest") return "first";
  return !grouping && (ask === "keys" || ask === "members") ? ask : "count";
}
