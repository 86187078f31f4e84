import {
  AliasNode,
  FromNode,
  IdentifierNode,
  LimitNode,
  OffsetNode,
  type OperationNode,
  OrderByItemNode,
  OrderByNode,
  ParensNode,
  RawNode,
  type SelectionNode,
  type SelectQueryNode,
  ValueNode,
  WhereNode,
} from "kysely";
import type { Backend } from "../backends/base/backend.ts";
import { ModelError } from "../exceptions.ts";
import { optionsOf } from "../fields/prepared.ts";
import { ForeignKey, type ReverseRelation } from "../fields/relations.ts";
import type { Options } from "../models/options.ts";
import { binary, columnNode, Joins } from "./joins.ts";
import type { Clause } from "./lookup-compiler.ts";
import { hopOf, resolveColumn } from "./path.ts";
import type { Query } from "./query.ts";
import { compileCondition, type ExistsQuery, type WhereContext } from "./where.ts";

const PREFIXES = ["", "U", "V", "W", "X", "Y", "Z"];

/** A SELECT while it is put together. */
export interface Select {
  readonly query: Query;
  readonly joins: Joins;
  readonly where: Clause;
}

/** Resolves a query's conditions into joins and a where clause. */
export function beginSelect(backend: Backend, query: Query, depth = 0): Select {
  const joins = new Joins(optionsOf(query.model), PREFIXES[depth] || undefined);
  const context = whereContext(backend, joins, depth);
  const conditions = query.steps.filter((step) => step.kind !== "annotation");
  const clauses = conditions.map((condition) => compileCondition(context, condition));
  return { query, joins, where: query.empty ? false : allOf(clauses) };
}

function whereContext(backend: Backend, joins: Joins, depth: number): WhereContext {
  return {
    backend,
    joins,
    depth,
    subquery: (query, inner) => keysOf(backend, query, inner),
    exists: (exists) => compileExists(backend, exists),
  };
}

/** All clauses at once. */
export function allOf(clauses: readonly Clause[]): Clause {
  if (clauses.includes(false)) return false;
  const [first, ...rest] = clauses.filter((clause) => typeof clause !== "boolean");
  if (first === undefined) return true;
  return rest.reduce((left, right) => RawNode.create(["", " and ", ""], [left, right]), first);
}

/** The SELECT with everything that follows its columns. */
export function finishSelect(
  select: Select,
  selections: readonly OperationNode[],
  { ordered = true, sliced = true }: { ordered?: boolean; sliced?: boolean } = {},
): SelectQueryNode {
  const { query, joins, where } = select;
  // Order first: it may add tables.
  const order = ordered ? orderItems(joins, query) : [];
  const nodes = joins.nodes();
  const { limit, offset } = query;
  return {
    kind: "SelectQueryNode",
    from: FromNode.create([joins.fromNode()]),
    selections: selections.map(selection),
    ...(nodes.length > 0 && { joins: nodes }),
    ...(typeof where !== "boolean" && { where: WhereNode.create(where) }),
    ...(order.length > 0 && { orderBy: OrderByNode.create(order) }),
    // SQLite has no OFFSET without a LIMIT.
    ...(sliced && (limit !== undefined || offset > 0) && { limit: LimitNode.create(limitNode(limit)) }),
    ...(sliced && offset > 0 && { offset: OffsetNode.create(ValueNode.create(offset)) }),
  };
}

/** Written out: SQLite plans a statement anew each time a parameter of LIMIT is bound, which doubles a small query. */
function limitNode(limit: number | undefined): OperationNode {
  return ValueNode.createImmediate(limit ?? Number.MAX_SAFE_INTEGER);
}

function keysOf(backend: Backend, query: Query, depth: number): OperationNode | undefined {
  const select = beginSelect(backend, query, depth);
  if (select.where === false) return undefined;
  const sliced = query.limit !== undefined || query.offset > 0;
  const key = columnNode(select.joins.base, select.joins.options.pk.column);
  return finishSelect(select, [key], { ordered: sliced });
}

function compileExists(backend: Backend, { hop, outer, condition, depth }: ExistsQuery): OperationNode | false {
  const joins = new Joins(hop.to, PREFIXES[depth] ?? `Q${depth}_`);
  const link = binary(columnNode(joins.base, hop.toColumn), "=", outer);
  const clause = condition?.(whereContext(backend, joins, depth), joins.base) ?? true;
  const where = allOf([clause, link]);
  if (typeof where === "boolean") return false;
  const nodes = joins.nodes();
  const select: SelectQueryNode = {
    kind: "SelectQueryNode",
    from: FromNode.create([joins.fromNode()]),
    selections: [selection(ValueNode.createImmediate(1))],
    ...(nodes.length > 0 && { joins: nodes }),
    where: WhereNode.create(where),
  };
  return RawNode.create(["exists ", ""], [ParensNode.create(select)]);
}

const MOST_ORDERING_HOPS = 8;

function orderItems(joins: Joins, query: Query): OrderByItemNode[] {
  const ordering = (query.ordering ?? joins.options.ordering).filter((item) => typeof item === "string");
  return ordering.flatMap((path) => orderItem(joins, path, { flip: query.reversed, prefix: "", depth: 0 }));
}

function orderItem(
  joins: Joins,
  path: string,
  { flip, prefix, depth }: { flip: boolean; prefix: string; depth: number },
): OrderByItemNode[] {
  if (path === "?") return [OrderByItemNode.create(RawNode.createWithSql("random()"))];
  const descending = path.startsWith("-") !== flip;
  const name = prefix + path.replace(/^-/, "");
  const resolved = resolveColumn(joins.options, name);
  const own = ownOrdering(resolved.relation instanceof ForeignKey ? resolved.relation : undefined);
  if (own !== undefined) {
    if (depth >= MOST_ORDERING_HOPS) {
      throw new ModelError(`Ordering by "${name}" never ends: the models' orderings refer to each other.`);
    }
    return own.flatMap((each) => orderItem(joins, each, { flip: descending, prefix: `${name}__`, depth: depth + 1 }));
  }
  const alias = joins.walk(resolved.hops, "all").at(-1) ?? joins.base;
  const direction = RawNode.createWithSql(descending ? "desc" : "asc");
  return [OrderByItemNode.create(columnNode(alias, resolved.field.column), descending ? direction : undefined)];
}

/** A relation is ordered as its model says. */
function ownOrdering(relation: ForeignKey | undefined): readonly string[] | undefined {
  if (relation === undefined) return undefined;
  const ordering = optionsOf(relation.target).ordering.filter((item) => typeof item === "string");
  return ordering.length > 0 ? ordering : undefined;
}

/** Which columns of a result are which instance: its own, and those of the relations loaded with it. */
export interface LoadPlan {
  readonly options: Options;
  /** Where its columns begin. */
  readonly start: number;
  readonly related: readonly { readonly name: string; readonly remote: string | undefined; readonly plan: LoadPlan }[];
}

/** The columns of the model and of `selectRelated`, with the plan to read them. */
export function planColumns(select: Select): { columns: OperationNode[]; plan: LoadPlan } {
  const columns: OperationNode[] = [];
  const { joins } = select;
  const visit = (
    options: Options,
    alias: string,
    paths: readonly string[][],
    aliases: (names: string[]) => string,
  ): LoadPlan => {
    const start = columns.length;
    for (const field of options.fields) columns.push(columnNode(alias, field.column));
    const heads = [...new Set(paths.map(([head]) => head as string))];
    const related = heads.map((name) => {
      const relation = options.find(name);
      if (relation === undefined || !("to" in relation)) throw notRelated(options, name);
      const hop = hopOf(relation as ForeignKey | ReverseRelation);
      if (hop.multiple) throw notRelated(options, name);
      const rest = paths.filter(([head, next]) => head === name && next !== undefined).map((path) => path.slice(1));
      const target = aliases([name]);
      const plan = visit(hop.to, target, rest, (names) => aliases([name, ...names]));
      const remote = relation instanceof ForeignKey ? undefined : (relation as ReverseRelation).via;
      return { name, remote, plan };
    });
    return { options, start, related };
  };
  const paths = select.query.selectRelated.map((path) => path.split("__"));
  const plan = visit(joins.options, joins.base, paths, (names) => walkNames(joins, names));
  return { columns, plan };
}

function walkNames(joins: Joins, names: readonly string[]): string {
  let { options } = joins;
  const hops = names.map((name) => {
    const hop = hopOf(options.find(name) as ForeignKey);
    options = hop.to;
    return hop;
  });
  return joins.walk(hops, "all").at(-1) as string;
}

function notRelated(options: Options, name: string): ModelError {
  const choices = [...options.fields, ...options.reverseRelations]
    .filter((field) => "to" in field && !(field.kind === "related"))
    .map((field) => field.name);
  return new ModelError(
    `selectRelated: "${name}" of ${options.modelName} is no relation to one row. ` +
      (choices.length > 0 ? `Choices: ${choices.join(", ")}.` : `${options.modelName} has none.`),
  );
}

/** An expression among the columns of a SELECT; Kysely's own factory admits only some of the nodes that it compiles. */
export function selection(node: OperationNode): SelectionNode {
  return { kind: "SelectionNode", selection: node as SelectionNode["selection"] };
}

/** A column with a name of its own, for a SELECT in a SELECT. */
export function named(node: OperationNode, name: string): OperationNode {
  return AliasNode.create(node, IdentifierNode.create(name));
}
