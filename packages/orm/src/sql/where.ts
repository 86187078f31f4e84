import { AndNode, type OperationNode, OrNode, ParensNode, RawNode, ValueNode } from "kysely";
import type { Backend } from "../backends/base/backend.ts";
import { STATE } from "../constants.ts";
import { FieldValueError, QueryError } from "../exceptions.ts";
import type { ConditionNode } from "../expressions/condition.ts";
import { QUERY } from "../expressions/symbols.ts";
import { ForeignKey } from "../fields/relations.ts";
import { binary, columnNode, type Joins } from "./joins.ts";
import { type Clause, compileLookup, isNull, type Lookup, not, readLookup } from "./lookup-compiler.ts";
import { type Hop, type ResolvedPath, resolvePath } from "./path.ts";
import type { Query } from "./query.ts";

/** What a condition is compiled with. */
export interface WhereContext {
  readonly backend: Backend;
  readonly joins: Joins;
  /** How many SELECTs stand around this one. */
  readonly depth: number;
  /** Compiles a query as the right side of IN: its keys, or nothing where it has no rows. */
  readonly subquery: (query: Query, depth: number) => OperationNode | undefined;
  /** Compiles `exists (select 1 from …)` of the rows behind a multi-valued step. */
  readonly exists: (exists: ExistsQuery) => OperationNode | false;
}

/** The rows behind a step that meet a condition. */
export interface ExistsQuery {
  readonly hop: Hop;
  /** The column of the outer query that the step starts from. */
  readonly outer: OperationNode;
  /** A condition on the rows behind the step; undefined for any row. */
  readonly condition: ((where: WhereContext, alias: string) => Clause) | undefined;
  readonly depth: number;
}

interface Scope {
  /** The multi-valued joins that this call of `filter` may share. */
  readonly reuse: Set<string>;
  /** Whether an odd number of nots stands above. */
  readonly negated: boolean;
  /** Whether any not stands above. */
  readonly underNot: boolean;
}

interface Compiled {
  readonly clause: Clause;
  /** The joins that must have a row for the clause to hold. */
  readonly needed: readonly string[];
}

/**
 * The condition of one call of `filter` or `exclude`, its joins added to the context's.
 * Source: `django.db.models.sql.query.Query.add_q`.
 */
export function compileCondition(context: WhereContext, node: ConditionNode): Clause {
  const before = context.joins.inner();
  const { clause } = compileNode(context, node, { reuse: new Set(), negated: false, underNot: false });
  context.joins.demote(before);
  return clause;
}

function compileNode(context: WhereContext, node: ConditionNode, scope: Scope): Compiled {
  switch (node.kind) {
    case "not": {
      const inner = { ...scope, negated: !scope.negated, underNot: true };
      const { clause, needed } = compileNode(context, node.child, inner);
      return { clause: typeof clause === "boolean" ? !clause : not(clause), needed };
    }
    case "lookups": {
      const compiled = node.lookups.map(
        ([path, value]) =>
          () =>
            compileLeaf(context, path, value, scope),
      );
      return combine(context, "and", compiled, scope);
    }
    case "expression":
      throw new QueryError("This expression is no condition.");
    default: {
      const compiled = node.children.map((child) => () => compileNode(context, child, scope));
      return combine(context, node.kind, compiled, scope);
    }
  }
}

/** Compiles the parts in order, and lets rows of joined tables be missing where not every part demands them. */
function combine(
  { joins }: WhereContext,
  kind: "and" | "or" | "xor",
  parts: readonly (() => Compiled)[],
  { negated }: Scope,
): Compiled {
  const votes = new Map<string, number>();
  const clauses = parts.map((part) => {
    const { clause, needed } = part();
    for (const alias of new Set(needed)) votes.set(alias, (votes.get(alias) ?? 0) + 1);
    return clause;
  });
  // Under a not, "and" reads as "or" and the other way round.
  const effective = kind === "xor" ? "xor" : negated ? (kind === "and" ? "or" : "and") : kind;
  const all = [...votes].filter(([, count]) => count === parts.length).map(([alias]) => alias);
  const some = [...votes].filter(([, count]) => count < parts.length).map(([alias]) => alias);
  if (effective === "xor") joins.promote(votes.keys());
  if (effective === "or") joins.promote(some);
  const needed = effective === "xor" ? [] : effective === "and" ? [...votes.keys()] : all;
  joins.demote(needed);
  return { clause: kind === "xor" ? parity(clauses) : join(kind, clauses), needed };
}

function join(kind: "and" | "or", clauses: readonly Clause[]): Clause {
  const absorbing = kind === "or";
  if (clauses.some((clause) => clause === absorbing)) return absorbing;
  const rest = clauses.filter((clause) => typeof clause !== "boolean");
  const [first, ...others] = rest as OperationNode[];
  if (first === undefined) return !absorbing;
  if (others.length === 0) return first;
  const create = kind === "and" ? AndNode.create : OrNode.create;
  return ParensNode.create(others.reduce((left, right) => create(left, right), first));
}

/** Exclusive or of any number of conditions holds when an odd number of them does. */
function parity(clauses: readonly Clause[]): Clause {
  const one = (clause: Clause): OperationNode =>
    typeof clause === "boolean"
      ? ValueNode.createImmediate(clause ? 1 : 0)
      : RawNode.create(["case when ", " then 1 else 0 end"], [clause]);
  if (clauses.length === 0) return true;
  const fragments = ["(", ...clauses.slice(1).map(() => " + "), ") % 2 = 1"];
  return RawNode.create(fragments, clauses.map(one));
}

function compileLeaf(context: WhereContext, path: string, given: unknown, scope: Scope): Compiled {
  const { joins } = context;
  const resolved = resolvePath(joins.options, path);
  const lookup = readLookup(resolved.field, resolved.rest, plainValue(resolved, given, path), path);
  const split = resolved.hops.findIndex((hop) => hop.multiple);
  if (scope.underNot && split >= 0) {
    return { clause: splitExclude(context, { resolved, lookup, split }, scope), needed: [] };
  }
  const aliases = joins.walk(resolved.hops, scope.reuse);
  for (const alias of aliases) scope.reuse.add(alias);
  const alias = aliases.at(-1) ?? joins.base;
  const column = columnNode(alias, resolved.field.column);
  const clause = compileValue(context, column, resolved, lookup);
  const wantsNull = lookup.name === "isnull" && lookup.value === true;
  if (!scope.negated) return { clause, needed: wantsNull ? [] : aliases };
  if (lookup.name === "isnull") return { clause, needed: wantsNull ? aliases : [] };
  // NOT (null = 5) is null, and would lose the row.
  const nullable = resolved.field.null || joins.isOuter(alias) || resolved.hops.some((hop) => hop.nullable);
  return { clause: nullable ? join("and", [clause, isNull(column, false)]) : clause, needed: [] };
}

function compileValue(context: WhereContext, column: OperationNode, resolved: ResolvedPath, lookup: Lookup): Clause {
  const query = lookup.name === "in" ? queryOf(lookup.value) : undefined;
  if (query === undefined) return compileLookup(column, resolved.field, lookup, context.backend);
  const subquery = context.subquery(query, context.depth + 1);
  return subquery === undefined ? false : binary(column, "in", subquery);
}

function queryOf(value: unknown): Query | undefined {
  return typeof value === "object" && value !== null ? (value as { [QUERY]?: Query })[QUERY] : undefined;
}

/**
 * A condition on many rows under a not: whether one of them meets it is asked in a query of its own. A join would keep
 * the row that has another one besides. Source: `Query.split_exclude`.
 */
function splitExclude(
  context: WhereContext,
  { resolved, lookup, split }: { resolved: ResolvedPath; lookup: Lookup; split: number },
  scope: Scope,
): Clause {
  const { joins } = context;
  const hop = resolved.hops[split] as Hop;
  const before = resolved.hops[split - 1];
  // The key at the start of the step is the reference in the table before: that table is not needed.
  const trimmed = before?.relation instanceof ForeignKey && before.toColumn === hop.fromColumn;
  const prefix = resolved.hops.slice(0, trimmed ? split - 1 : split);
  const alias = joins.walk(prefix, scope.reuse).at(-1) ?? joins.base;
  const outer = columnNode(alias, trimmed ? before.fromColumn : hop.fromColumn);
  const rest = { ...resolved, hops: resolved.hops.slice(split + 1) };
  const found = context.exists({
    hop,
    outer,
    depth: context.depth + 1,
    condition: (inner, base) => {
      const aliases = inner.joins.walk(rest.hops, "all");
      if (lookup.name !== "isnull" || lookup.value !== true) inner.joins.demote(aliases);
      return compileValue(inner, columnNode(aliases.at(-1) ?? base, rest.field.column), rest, lookup);
    },
  });
  if (lookup.name !== "isnull" || lookup.value !== true) return found;
  const any = context.exists({ hop, outer, depth: context.depth + 1, condition: undefined });
  return join("or", [found, any === false ? true : not(any)]);
}

/** Instances as their keys. */
function plainValue({ relation, field }: ResolvedPath, value: unknown, path: string): unknown {
  const key = (each: unknown): unknown => {
    if (typeof each !== "object" || each === null || !(STATE in each)) return each;
    const wanted = relation?.target;
    if (wanted === undefined || !(each instanceof wanted)) {
      const expected = wanted === undefined ? `a value of ${field.label}` : `${wanted.name}, or its key`;
      throw new FieldValueError(`"${path}" takes ${expected}; found an instance of ${each.constructor.name}.`);
    }
    const pk = (each as { pk?: unknown }).pk;
    if (pk !== undefined && pk !== null) return pk;
    throw new QueryError(`"${path}": the ${each.constructor.name} has not been saved, so nothing can refer to it.`);
  };
  return Array.isArray(value) ? value.map(key) : key(value);
}
