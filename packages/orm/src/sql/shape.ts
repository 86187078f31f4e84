import { STATE } from "../constants.ts";
import type { ConditionNode, LookupData } from "../expressions/condition.ts";
import { type ExpressionNode, expressionOf, type OrderingNode } from "../expressions/expression.ts";
import { EXPRESSION, QUERY } from "../expressions/symbols.ts";
import { Duration } from "../fields/duration.ts";
import type { DeconstructedField, Field } from "../fields/field.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { Options } from "../models/options.ts";
import type { Query } from "./query.ts";
import type { Assignment } from "./update.ts";

/** Lists of `in` up to this length have SQL of their own; longer ones share that of the next power of two. */
const EXACT_LENGTH = 8;
/** A list longer than this goes to the database as one parameter. */
export const LONG_LIST = 500;

type Shapes<N extends { readonly kind: string }> = {
  readonly [K in N["kind"]]: (shape: Shape, node: Extract<N, { readonly kind: K }>) => N;
};

/**
 * What of an expression its SQL depends on. Each kind of node names here all that is SQL of it by `text` and `mark`, and
 * its values by `value`: these alone may differ between queries of one shape.
 */
const EXPRESSIONS: Shapes<ExpressionNode> = {
  reference: (shape, node) => {
    shape.text(node.path);
    return node;
  },
  outer: (shape, node) => {
    shape.text(node.path);
    return node;
  },
  value: (shape, node) => {
    const place = shape.value(node.value);
    return place === undefined ? node : { ...node, place };
  },
  arithmetic: (shape, node) => {
    shape.mark(node.operator);
    return { ...node, left: shape.expression(node.left), right: shape.expression(node.right) };
  },
  function: (shape, node) => {
    shape.text(node.name);
    // The places that it is rounded to are written out.
    if (node.name === "round") return { ...node, args: shape.withNumber(node.args) };
    return { ...node, args: shape.list(node.args, (each) => shape.expression(each)) };
  },
  transform: (shape, node) => {
    shape.text(node.name);
    shape.text(node.timeZone ?? "");
    return { ...node, of: shape.expression(node.of) };
  },
  cast: (shape, node) => {
    shape.output(node.output);
    return { ...node, of: shape.expression(node.of) };
  },
  collate: (shape, node) => {
    shape.text(node.collation);
    return { ...node, of: shape.expression(node.of) };
  },
  sql: (shape, node) => {
    shape.text(JSON.stringify(node.pieces));
    shape.output(node.output);
    return { ...node, args: shape.list(node.args, (each) => shape.expression(each)) };
  },
  argument: (shape, node) => {
    shape.mark(String(node.index));
    return node;
  },
  aggregate: (shape, node) => {
    shape.text(node.name);
    shape.mark(node.distinct ? "distinct" : "");
    return {
      ...node,
      of: shape.optional(node.of, (of) => shape.expression(of)),
      filter: shape.optional(node.filter, (filter) => shape.condition(filter)),
      otherwise: shape.optional(node.otherwise, (otherwise) => shape.expression(otherwise)),
      delimiter: shape.optional(node.delimiter, (delimiter) => shape.expression(delimiter)),
      second: shape.optional(node.second, (second) => shape.expression(second)),
      orderBy: shape.list(node.orderBy ?? [], (each) => shape.order(each)),
    };
  },
  searchVector: (shape, node) => {
    shape.mark(node.weight ?? "");
    return {
      ...node,
      of: shape.list(node.of, (each) => shape.expression(each)),
      config: shape.optional(node.config, (config) => shape.expression(config)),
    };
  },
  searchQuery: (shape, node) => {
    shape.mark(node.how);
    return {
      ...node,
      of: shape.list(node.of, (each) => shape.expression(each)),
      config: shape.optional(node.config, (config) => shape.expression(config)),
    };
  },
  case: (shape, node) => ({
    ...node,
    whens: shape.list(node.whens, (when) => ({
      condition: shape.condition(when.condition),
      // biome-ignore lint/suspicious/noThenProperty: a part of a node, which nothing awaits
      then: shape.expression(when.then),
    })),
    otherwise: shape.optional(node.otherwise, (otherwise) => shape.expression(otherwise)),
  }),
  condition: (shape, node) => ({ ...node, condition: shape.condition(node.condition) }),
  subquery: (shape, node) => ({ ...node, query: shape.inner(node.query) }),
  exists: (shape, node) => ({ ...node, query: shape.inner(node.query) }),
  rank: (shape, node) => {
    shape.text(node.name);
    const { args = [] } = node;
    if (args[0]?.kind === "value") {
      shape.number(args[0]);
      return node;
    }
    return { ...node, args: shape.withNumber(args) };
  },
  window: (shape, node) => ({
    ...node,
    frame: shape.optional(node.frame, (frame) => {
      shape.text(JSON.stringify(frame));
      return frame;
    }),
    of: shape.expression(node.of),
    partitionBy: shape.list(node.partitionBy, (each) => shape.expression(each)),
    orderBy: shape.list(node.orderBy, (each) => shape.order(each)),
  }),
};

/** Every part of a query that `Shape.query` looks at: a new one does not compile before it is named, there and here. */
type Looked =
  | ("model" | "alias" | "steps" | "sticky" | "carried" | "ordering" | "reversed" | "offset" | "offsetPlace" | "limit")
  | (
      | "routed"
      | "free"
      | "relations"
      | "lock"
      | "selectRelated"
      | "distinct"
      | "values"
      | "attributes"
      | "relatedAttributes"
      | "groupBy"
      | "combination"
      | "fetchMode"
      | "empty"
    );
const LOOKED_AT_ALL: Exclude<keyof Query, Looked> extends never ? true : never = true;

const numbers = new WeakMap<Options, number>();
let models = 0;

/** A number for a model as it is prepared now: another set-up has others. */
function numberOf(options: Options): number {
  let number = numbers.get(options);
  if (number === undefined) {
    number = ++models;
    numbers.set(options, number);
  }
  return number;
}

/**
 * The shape of a query: a key that is the same for all queries with the same SQL, and the values in which they differ.
 * A shape with `places` gives copies whose values know their places.
 */
export class Shape {
  key = "";
  readonly values: unknown[] = [];
  /** Whether it has something whose SQL is never kept. */
  unknown = false;
  readonly #places: boolean;
  /** Whether equal values share a place: what is grouped or compared with itself depends on that. */
  #pattern = false;

  constructor(kind: string, places = false) {
    this.key = kind;
    this.#places = places;
  }

  /** A text that stands in the SQL, or leads to it. Its length makes every key readable in one way alone. */
  text(text: string): void {
    this.key += `${text.length}:${text}`;
  }
  /** A word of the program's own, out of a few. */
  mark(word: string): void {
    this.key += `${word};`;
  }

  /** A value: its kind counts. Gives its place, for a copy. */
  value(value: unknown): number | undefined {
    const kind = kindOf(value);
    this.key += kind;
    if (kind === NULL) return undefined;
    if (kind === "") {
      this.unknown = true;
      return undefined;
    }
    let place = this.#pattern ? this.values.indexOf(value) : -1;
    if (place < 0) place = this.values.push(value) - 1;
    if (this.#pattern) this.key += `${place};`;
    return this.#places ? place : undefined;
  }

  texts(texts: readonly string[], mark = ""): void {
    this.key += `${mark}${texts.length};`;
    for (const each of texts) this.text(each);
  }
  list<T, R>(nodes: readonly T[], each: (node: T) => R): R[] {
    this.key += `[${nodes.length};`;
    if (this.#places) return nodes.map(each);
    // Without places the nodes are their own copies.
    for (let index = 0; index < nodes.length; index++) each(nodes[index] as T);
    return nodes as unknown as R[];
  }
  optional<T, R>(node: T | undefined, of: (node: T) => R): R | undefined {
    this.key += node === undefined ? "-" : "+";
    return node === undefined ? undefined : of(node);
  }

  /** The kind of field that values are read by. */
  output(output: DeconstructedField): void {
    this.text(JSON.stringify(output, (_name, each: unknown) => (typeof each === "bigint" ? String(each) : each)));
  }
  /** A number that is written out. */
  number(node: ExpressionNode): void {
    this.mark(String((node as { readonly value?: unknown }).value));
  }
  /** Arguments of which the second is a number that is written out. */
  withNumber(args: readonly ExpressionNode[]): ExpressionNode[] {
    return this.list([...args.entries()], ([index, each]) => {
      if (index !== 1) return this.expression(each);
      this.number(each);
      return each;
    });
  }

  /** What a column is set to: any value of its field has the same SQL. */
  assignment(field: Field, value: unknown): Assignment {
    this.text(field.name);
    const expression = expressionOf(value);
    this.key += expression === undefined ? "v" : "e";
    if (expression === undefined) {
      const place = this.values.push(value) - 1;
      return this.#places ? [field, value, place] : [field, value];
    }
    return [field, { [EXPRESSION]: this.expression(expression) }];
  }

  expression(node: ExpressionNode): ExpressionNode {
    const describe = EXPRESSIONS[node.kind] as ((shape: Shape, node: ExpressionNode) => ExpressionNode) | undefined;
    if (describe === undefined) {
      this.unknown = true;
      return node;
    }
    this.text(node.kind);
    return describe(this, node);
  }

  order(node: OrderingNode): OrderingNode {
    this.key += `${node.descending ? "d" : "a"}${node.nulls ?? ""};`;
    return { ...node, expression: this.expression(node.expression) };
  }

  condition(node: ConditionNode): ConditionNode {
    switch (node.kind) {
      case "lookups": {
        this.key += `{${node.lookups.length};`;
        if (this.#places) return { ...node, lookups: node.lookups.map(([path, value]) => this.#lookup(path, value)) };
        for (const [path, value] of node.lookups) this.#lookup(path, value);
        return node;
      }
      case "not":
        this.key += "!";
        return { ...node, child: this.condition(node.child) };
      case "expression":
        this.key += "=";
        return { ...node, expression: this.expression(node.expression) };
      default:
        this.mark(node.kind);
        return { ...node, children: this.list(node.children, (child) => this.condition(child)) };
    }
  }

  #lookup(path: string, value: unknown): LookupData {
    this.text(path);
    if (typeof value !== "object" || value === null) {
      // Which of the two it is, is SQL.
      if (typeof value === "boolean" && path.endsWith("isnull")) {
        this.key += value ? "T" : "F";
        return [path, value];
      }
      const place = this.value(value);
      return place === undefined ? [path, value] : [path, value, place];
    }
    if (Array.isArray(value)) return this.#listOf(path, value);
    if (QUERY in value) {
      this.key += "q";
      return [path, { [QUERY]: this.inner((value as { [QUERY]: Query })[QUERY]) }];
    }
    const expression = expressionOf(value);
    if (expression !== undefined) {
      this.key += "e";
      return [path, { [EXPRESSION]: this.expression(expression) }];
    }
    const place = this.value(value);
    return place === undefined ? [path, value] : [path, value, place];
  }

  #listOf(path: string, given: readonly unknown[]): LookupData {
    const wanted = path.endsWith("__in") ? given.filter((each) => each !== null) : given;
    if (!(path.endsWith("__in") || path.endsWith("__range"))) {
      const place = this.value(given);
      return place === undefined ? [path, given] : [path, given, place];
    }
    if (wanted.length > LONG_LIST) {
      this.unknown = true;
      return [path, given];
    }
    const values = path.endsWith("__in") ? padded(wanted) : wanted;
    this.key += `(${values.length};`;
    const places = values.map((each) => this.value(each));
    return this.#places ? [path, values, places as number[]] : [path, given];
  }

  /** A query inside of another one. */
  inner(query: Query): Query {
    this.text(query.free === true ? "" : query.alias);
    return this.query(query);
  }

  query(query: Query): Query {
    const { steps, ordering, selectRelated, distinct, values, attributes, groupBy, combination } = query;
    this.key += `m${numberOf(optionsOf(query.model))};`;
    if (distinct !== undefined || groupBy !== undefined || steps.some((step) => step.kind === "annotation")) {
      this.#pattern = LOOKED_AT_ALL;
    }
    if (this.#pattern) this.key += "P";
    const changed: { -readonly [K in keyof Query]?: Query[K] } = {};
    if (steps.length > 0) {
      changed.steps = this.list(steps, (step) => {
        if (step.kind !== "annotation") return this.condition(step);
        this.key += step.selected ? "N" : "n";
        this.text(step.name);
        return { ...step, expression: this.expression(step.expression) };
      });
    }
    if (ordering !== undefined) {
      this.key += "o";
      changed.ordering = this.list(ordering, (item) => {
        if (typeof item !== "string") return this.order(item);
        this.text(item);
        return item;
      });
    }
    if (selectRelated.length > 0) this.texts(selectRelated, "s");
    if (distinct !== undefined) this.texts(distinct, "d");
    if (attributes !== undefined) this.texts(attributes, "a");
    if (query.relatedAttributes !== undefined) {
      this.key += "A";
      this.list(query.relatedAttributes, ([path, names]) => {
        this.text(path);
        this.texts(names);
      });
    }
    if (values !== undefined) {
      this.texts(values.names, "v");
      this.key += `${values.form}${values.at};`;
    }
    if (groupBy !== undefined) this.texts(groupBy === "model" ? [] : groupBy, "g");
    if (groupBy === "model") this.key += "G";
    if (combination !== undefined) {
      this.mark(combination.operator);
      const members = this.list(combination.members, (member) => this.inner(member));
      changed.combination = { ...combination, members };
    }
    if (query.relations !== undefined) {
      this.key += "R";
      changed.relations = this.list(query.relations, (relation) => {
        this.text(relation.name);
        this.text(relation.path);
        return { ...relation, condition: this.condition(relation.condition) };
      });
    }
    if (query.lock !== undefined) this.text(JSON.stringify(query.lock));
    if (query.carried !== undefined) this.texts([query.carried], "c");
    if (query.fetchMode !== undefined) this.key += `f${query.fetchMode};`;
    this.key += query.reversed ? "r" : "";
    this.key += query.sticky ? "y" : "";
    this.key += query.empty ? "0" : "";
    if (query.limit !== undefined) this.key += `l${query.limit};`;
    if (query.offset > 0) {
      this.key += "O";
      changed.offsetPlace = this.value(query.offset);
    }
    this.key += ".";
    return this.#places ? { ...query, ...changed } : query;
  }
}

const NULL = "0";

/** The kinds of values that SQL may depend on; "" for those that are not known here. */
function kindOf(value: unknown): string {
  switch (typeof value) {
    case "string":
      return "s";
    case "number":
      return Number.isInteger(value) ? "i" : "f";
    case "bigint":
      return "n";
    case "boolean":
      return "b";
    case "object":
      if (value === null) return NULL;
      if (STATE in value) return "m";
      if (value instanceof Date) return "d";
      if (value instanceof RegExp) return "r";
      if (value instanceof Duration) return "t";
      if (Array.isArray(value)) return "A";
      return value instanceof Uint8Array ? "x" : "";
    default:
      return "";
  }
}

/** The list with its last value repeated: which lengths there are is bounded, and the rows are the same. */
function padded(values: readonly unknown[]): readonly unknown[] {
  if (values.length <= EXACT_LENGTH) return values;
  const length = Math.min(2 ** Math.ceil(Math.log2(values.length)), LONG_LIST);
  return [...values, ...Array.from({ length: length - values.length }, () => values.at(-1))];
}

/** The shape of an expression alone: its key, and the values beside it. */
export function shapeOf(node: ExpressionNode): Shape {
  const shape = new Shape("");
  shape.expression(node);
  return shape;
}
