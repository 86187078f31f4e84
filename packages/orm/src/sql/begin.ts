import type { Backend } from "../backends/base/backend.ts";
import { raw } from "../backends/base/raw.ts";
import { SEPARATOR } from "../constants.ts";
import { QueryError } from "../exceptions.ts";
import type { ConditionNode } from "../expressions/condition.ts";
import { type ExpressionNode, expressionOf } from "../expressions/expression.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { Options } from "../models/options.ts";
import type { Clause, Compiled, Compilers, Context } from "./context.ts";
import { compileExpression } from "./expression-compiler.ts";
import { HiddenColumns } from "./hidden-columns.ts";
import { Joins } from "./joins.ts";
import { conjunction } from "./nodes.ts";
import { filteredHops, type Hop } from "./path.ts";
import { compilePath } from "./path-compiler.ts";
import { childrenOf } from "./prune.ts";
import type { NamedRelation, Query } from "./query.ts";
import { compileFilter, compileInnerCondition, type WhereClause } from "./where.ts";

const PREFIXES = ["", "U", "V", "W", "X", "Y", "Z"];

/** A SELECT while it is put together. */
export interface Select {
  readonly query: Query;
  readonly context: Context;
  /** The columns that `values` names, but for named expressions that came later. */
  readonly values: ReadonlyMap<string, Compiled>;
  /** Before rows are grouped. False: it is known to have no rows. */
  readonly where: Clause;
  /** On the groups. */
  readonly having: Clause;
  readonly havingColumns: WhereClause["columns"];
  /** On window functions: asked of the SELECT as an inner one. */
  readonly qualify: Clause;
  readonly hidden: HiddenColumns;
  /** Whether rows are grouped. */
  readonly grouped: boolean;
}

/** What compiles subqueries: they need all of this module, and more. */
export type SubqueryCompilers = Pick<Compilers, "subquery" | "exists" | "existsBehind">;

/** Where a SELECT stands. */
export interface Place {
  readonly depth: number;
  readonly outer: Context | undefined;
}

/** Where a query stands that is in no other. */
export const OUTERMOST: Place = { depth: 0, outer: undefined };

/** A context for the tables of a model. */
export function newContext(
  backend: Backend,
  options: Options,
  { depth, outer }: Place,
  subqueries: SubqueryCompilers,
): Context {
  return {
    backend,
    joins: new Joins(options, depth === 0 ? undefined : (PREFIXES[depth] ?? `Q${depth}_`)),
    depth,
    annotations: new Map(),
    outer,
    reuse: "all",
    lift: undefined,
    note: () => {},
    compilers: { expression: compileExpression, condition: compileInnerCondition, ...subqueries },
  };
}

/** Resolves the steps of a query, in order, into joins, named expressions and conditions. */
export function beginSelect(backend: Backend, query: Query, place: Place, subqueries: SubqueryCompilers): Select {
  const plainContext = newContext(backend, optionsOf(query.model), place, subqueries);
  const context = query.relations === undefined ? plainContext : withRelations(plainContext, query.relations);
  const hidden = new HiddenColumns("qualify");
  const clauses: WhereClause[] = [];
  let reuse = new Set<string>();
  let filters = 0;
  const values = new Map<string, Compiled>();
  const joinValues = (at: number) => {
    if (query.values?.at !== at) return;
    const known = query.values.names.filter((name) => !namesLater(query, name, at));
    for (const name of known) values.set(name, compilePath(context, name));
  };
  for (const [index, step] of query.steps.entries()) {
    joinValues(index);
    if (step.kind === "annotation") {
      context.annotations.set(step.name, compileExpression(context, step.expression));
      continue;
    }
    // The filter after a relation's manager is about the rows by which the manager reached its own.
    if (!(query.sticky && filters === 1)) reuse = new Set();
    filters++;
    const plain = { ...context, reuse };
    const lifted = { ...plain, lift: hidden.lift };
    clauses.push(...compileFilter(plain, step, (part) => (mentionsWindow(part, context.annotations) ? lifted : plain)));
  }
  joinValues(query.steps.length);
  const plain = clauses.filter((each) => !each.lifted);
  const onGroups = plain.filter((each) => each.aggregate);
  const all = (some: readonly WhereClause[]) => conjunction(some.map((each) => each.clause));
  const known = clauses.some((each) => each.clause === false);
  const none = isOneGroup(query, context, values) ? raw("1 = 0") : false;
  return {
    query,
    context,
    values,
    where: query.empty ? false : known ? none : all(plain.filter((each) => !each.aggregate)),
    having: all(onGroups),
    havingColumns: onGroups.flatMap((each) => each.columns),
    qualify: all(clauses.filter((each) => each.lifted)),
    hidden,
    grouped: query.groupBy !== undefined || onGroups.length > 0,
  };
}

/** Whether rows are grouped by nothing of theirs: such a group is there without a row. */
function isOneGroup({ groupBy }: Query, { annotations }: Context, values: Select["values"]): boolean {
  if (groupBy === undefined || groupBy === "model") return false;
  return groupBy.every((name) => (values.get(name) ?? annotations.get(name))?.columns.length === 0);
}

/** A context that knows relations whose rows meet a condition, each compiled for the table that it joins. */
function withRelations(context: Context, given: readonly NamedRelation[]): Context {
  const relations = new Map(
    given.map(({ name, path, condition }) => {
      const steps = filteredHops(context.joins.options, name, { path, on: () => true });
      const options = (steps.at(-1) as Hop).to;
      const on = (alias: string): Clause => {
        const inner: Context = {
          ...context,
          joins: new Joins(options, undefined, alias),
          annotations: new Map(),
          reuse: "all",
          note: () => {},
        };
        const { clause } = compileInnerCondition({ ...inner, lift: undefined }, condition);
        if (inner.joins.size === 0) return clause;
        throw new QueryError(
          `FilteredRelation("${path}"): the condition names fields of ${options.modelName}, not of what is behind it.`,
        );
      };
      return [name, { path, on }] as const;
    }),
  );
  return { ...context, relations };
}

/** Whether a column of `values` is a named expression that came after it. */
function namesLater({ steps }: Query, name: string, at: number): boolean {
  return steps.slice(at).some((step) => step.kind === "annotation" && step.name === name.split(SEPARATOR)[0]);
}

/** Whether a condition is about a window function, by a named expression or itself. */
function mentionsWindow(node: ConditionNode, annotations: ReadonlyMap<string, Compiled>): boolean {
  switch (node.kind) {
    case "not":
      return mentionsWindow(node.child, annotations);
    case "expression":
      return hasWindow(node.expression, annotations);
    case "lookups":
      return node.lookups.some(([path, value]) => {
        const expression = expressionOf(value);
        return isWindow(path, annotations) || (expression !== undefined && hasWindow(expression, annotations));
      });
    default:
      return node.children.some((child) => mentionsWindow(child, annotations));
  }
}

function isWindow(path: string, annotations: ReadonlyMap<string, Compiled>): boolean {
  return annotations.get(path.split(SEPARATOR)[0] as string)?.window === true;
}

function hasWindow(node: ExpressionNode, annotations: ReadonlyMap<string, Compiled>): boolean {
  switch (node.kind) {
    case "window":
      throw new QueryError("A condition names a window function by annotate(); it takes none itself.");
    case "reference":
      return isWindow(node.path, annotations);
    case "condition":
      return mentionsWindow(node.condition, annotations);
    case "aggregate":
      return false;
    default:
      return childrenOf(node).some((each) => hasWindow(each, annotations));
  }
}
