import { ReferenceNode } from "kysely";
import { raw } from "../backends/base/raw.ts";
import type { ConditionNode, LookupData } from "../expressions/condition.ts";
import { type Clause, type Compiled, type Context, type Uses, usesOf } from "./context.ts";
import { readLookup } from "./lookup.ts";
import { compileLookup } from "./lookup-compiler.ts";
import { binary, columnNode, conjunction, immediate, isNull, join, not } from "./nodes.ts";
import { type Hop, type ResolvedPath, resolvePath } from "./path.ts";
import { compileColumn, namedExpression } from "./path-compiler.ts";

interface Scope {
  /** Whether an odd number of nots stands above. */
  readonly negated: boolean;
  /** Whether a multi-valued step under a not becomes a query of its own. */
  readonly split: boolean;
  /** Whether any not stands above. */
  readonly underNot: boolean;
}

interface Part {
  readonly clause: Clause;
  /** The joins that must have a row for the clause to hold. */
  readonly needed: readonly string[];
}

/** One of the clauses that must all hold. */
export interface WhereClause extends Uses {
  readonly clause: Clause;
  /** Whether it is about the columns of an inner SELECT. */
  readonly lifted: boolean;
}

/**
 * The clauses of one call of `filter` or `exclude`, its joins added to the context's.
 * Source: `django.db.models.sql.query.Query.add_q`.
 */
export function compileFilter(
  context: Context,
  node: ConditionNode,
  contextFor: (part: ConditionNode) => Context = () => context,
): WhereClause[] {
  const { joins } = context;
  const before = joins.inner();
  const clauses: WhereClause[] = [];
  const scope = { negated: false, underNot: false, split: true };
  const compiled = conjuncts(node).map((part) => () => {
    const { context: inner, uses } = noting(contextFor(part));
    const found = compileNode(inner, part, scope);
    clauses.push({ clause: found.clause, lifted: inner.lift !== undefined, ...uses() });
    return found;
  });
  combine(context, "and", compiled, scope);
  joins.demote(before);
  return clauses;
}

/** A condition inside of an expression: its tables' rows may be missing. Source: `Q.resolve_expression`. */
export function compileInnerCondition(
  context: Context,
  node: ConditionNode,
): { readonly clause: Clause; readonly uses: Uses } {
  const { joins } = context;
  const before = joins.inner();
  const { context: inner, uses } = noting({ ...context, reuse: "all" });
  const { clause, needed } = compileNode(inner, node, { negated: false, underNot: false, split: false });
  joins.promote(needed);
  joins.demote(before);
  return { clause, uses: uses() };
}

/** A context that tells what was compiled in it. */
function noting(context: Context): { readonly context: Context; readonly uses: () => Uses } {
  const parts: Uses[] = [];
  const note = (uses: Uses) => void parts.push(uses);
  return { context: { ...context, note }, uses: () => usesOf(parts) };
}

/** The conditions that must all hold. */
function conjuncts(node: ConditionNode): ConditionNode[] {
  if (node.kind === "and") return node.children.flatMap(conjuncts);
  if (node.kind !== "lookups") return [node];
  return node.lookups.map((lookup) => ({ kind: "lookups", lookups: [lookup] }));
}

function compileNode(context: Context, node: ConditionNode, scope: Scope): Part {
  switch (node.kind) {
    case "not": {
      // Nothing was asked, so nothing is refused.
      if (isEmpty(node.child)) return { clause: true, needed: [] };
      const inner = { ...scope, negated: !scope.negated, underNot: true };
      const { clause, needed } = compileNode(context, node.child, inner);
      return { clause: not(clause), needed };
    }
    case "lookups":
      return combine(
        context,
        "and",
        node.lookups.map((lookup) => () => compileLeaf(context, lookup, scope)),
        scope,
      );
    case "expression": {
      const compiled = context.compilers.expression(context, node.expression);
      context.note(compiled);
      return { clause: compiled.node, needed: [] };
    }
    default:
      return combine(
        context,
        node.kind,
        node.children.map((child) => () => compileNode(context, child, scope)),
        scope,
      );
  }
}

/** Whether a condition asks nothing. */
function isEmpty(node: ConditionNode): boolean {
  if (node.kind === "lookups") return node.lookups.length === 0;
  if (node.kind === "expression") return false;
  return node.kind === "not" ? isEmpty(node.child) : node.children.every(isEmpty);
}

/** Compiles the parts in order, and lets rows of joined tables be missing where not every part demands them. */
function combine(
  { joins }: Context,
  kind: "and" | "or" | "xor",
  parts: readonly (() => Part)[],
  { negated }: Scope,
): Part {
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

/** Exclusive or of any number of conditions holds when an odd number of them does. */
function parity(clauses: readonly Clause[]): Clause {
  if (clauses.length === 0) return true;
  const ones = clauses.map((clause) =>
    typeof clause === "boolean" ? immediate(clause ? 1 : 0) : raw("case when ", clause, " then 1 else 0 end"),
  );
  const sum = ones.flatMap((one, index) => (index === 0 ? [one] : [" + ", one]));
  return raw("(", ...sum, ") % 2 = 1");
}

function compileLeaf(context: Context, data: LookupData, scope: Scope): Part {
  const [path, given, places] = data;
  const named = namedExpression(context, path);
  if (named !== undefined) {
    const lookup = readLookup(context, named.compiled, named.rest, { value: given, places, path, target: undefined });
    return { clause: compileLookup(context, lookup).clause, needed: [] };
  }
  const resolved = resolvePath(context.joins.options, path, context.annotations.keys(), context.relations);
  const split = resolved.hops.findIndex((hop) => hop.multiple);
  if (scope.underNot && scope.split && split >= 0) {
    return { clause: splitExclude(context, { resolved, split, data }), needed: [] };
  }
  const { compiled, aliases } = compileColumn(context, resolved);
  const { target } = resolved;
  const lookup = readLookup(context, compiled, resolved.rest, { value: given, places, path, target });
  const { clause, right } = compileLookup(context, lookup);
  const wantsNull = lookup.name === "isnull" && lookup.value === true;
  if (!scope.negated) return { clause, needed: wantsNull ? [] : aliases };
  if (lookup.name === "isnull") return { clause, needed: wantsNull ? aliases : [] };
  return { clause: guarded(clause, compiled, right), needed: [] };
}

/**
 * NOT (null = 5) is null, and would lose the row. On the right side only a column that takes null is guarded, as in
 * Django: a row whose computed value is missing is lost.
 */
function guarded(clause: Clause, left: Compiled, right: Compiled | undefined): Clause {
  const columns = [left, ...(right !== undefined && ReferenceNode.is(right.node) && right.output.null ? [right] : [])];
  const sides = columns.filter((side) => side.nullable && side.columns.length > 0);
  return join("and", [clause, ...sides.map((side) => isNull(side.node, false))]);
}

/**
 * A condition on many rows under a not: whether one of them meets it is asked in a query of its own. A join would keep
 * the row that has another one besides. Source: `Query.split_exclude`.
 */
function splitExclude(
  context: Context,
  { resolved, split, data }: { resolved: ResolvedPath; split: number; data: LookupData },
): Clause {
  const hop = resolved.hops[split] as Hop;
  const before = resolved.hops[split - 1];
  // The key at the start of the step is the reference in the table before: that table is not needed.
  // One whose rows meet a condition leads to some of them only.
  const trimmed = before?.forward === true && before.filter === undefined && before.toColumn === hop.fromColumn;
  const prefix = resolved.hops.slice(0, trimmed ? split - 1 : split);
  const alias = walk(context, prefix).at(-1) ?? context.joins.base;
  const from = columnNode(alias, trimmed ? before.fromColumn : hop.fromColumn);
  const met = metBefore(context, resolved.hops.slice(0, split + 1));
  const rest: ResolvedPath = { ...resolved, hops: resolved.hops.slice(split + 1) };
  const [path, value, places] = data;
  const names = { value, places, path, target: resolved.target };
  let wantsNull = false;
  const condition = (inner: Context): Clause => {
    const { compiled, aliases } = compileColumn(inner, rest);
    const lookup = readLookup(inner, compiled, rest.rest, names);
    wantsNull = lookup.name === "isnull" && lookup.value === true;
    if (!wantsNull) inner.joins.demote(aliases);
    const besides = hop.filter?.on(inner.joins.base) ?? true;
    // What it is compared with is about the row outside.
    const compilers = {
      ...inner.compilers,
      expression: (_: Context, node: Parameters<Context["compilers"]["expression"]>[1]) =>
        context.compilers.expression({ ...context, reuse: "all" }, node),
    };
    return join("and", [compileLookup({ ...inner, compilers }, lookup).clause, besides]);
  };
  const behind = context.compilers.existsBehind(context, { hop, from, condition });
  if (!wantsNull && met !== undefined) {
    const same = ({ joins }: Context) =>
      hop.to.pk.keyFields.map(({ column }) => binary(columnNode(joins.base, column), "=", columnNode(met, column)));
    const tied = (inner: Context) => conjunction([condition(inner), ...same(inner)]);
    return context.compilers.existsBehind(context, { hop, from, condition: tied });
  }
  if (!wantsNull) return behind;
  const any = context.compilers.existsBehind(context, {
    hop,
    from,
    condition: hop.filter === undefined ? undefined : ({ joins }) => hop.filter?.on(joins.base) ?? true,
  });
  return join("or", [behind, not(any)]);
}

/** The row that the same call has asked about already: it is meant, as in `filter(Q(a).and(Q(b).not()))`. */
function metBefore({ joins, reuse }: Context, hops: readonly Hop[]): string | undefined {
  if (reuse === "all") return undefined;
  let alias: string | undefined = joins.base;
  for (const hop of hops) alias = alias && joins.find(alias, hop, reuse);
  // One that is joined under a name of its own can be found by any call, and is meant by those that asked about it.
  return alias !== undefined && reuse.has(alias) ? alias : undefined;
}

function walk({ joins, reuse }: Context, hops: readonly Hop[]): string[] {
  const aliases = joins.walk(hops, reuse);
  if (reuse !== "all") for (const alias of aliases) reuse.add(alias);
  return aliases;
}
