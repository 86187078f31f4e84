import { FromNode, type OperationNode, type SelectQueryNode, WhereNode } from "kysely";
import { raw } from "../backends/base/raw.ts";
import { QueryError } from "../exceptions.ts";
import { beginSelect, newContext, type Place, type Select, type SubqueryCompilers } from "./begin.ts";
import { compileCombination } from "./combination.ts";
import { type Compiled, type Context, NO_USES } from "./context.ts";
import type { Joins } from "./joins.ts";
import { binary, columnNode, conjunction, immediate, selection } from "./nodes.ts";
import { outputOf } from "./outputs.ts";
import { isSliced, type Query, standsIn } from "./query.ts";
import { planRows } from "./rows.ts";
import { finishSelect } from "./select.ts";

/** What compiles a query inside of another one. */
export const subqueries: SubqueryCompilers = {
  subquery(context, query, width = 1) {
    if (query.combination !== undefined) return combined(context, query);
    const select = begin(context, query);
    const columns = columnsOf(select, width);
    const { output } = columns[0] as Compiled;
    if (select.where === false) return { node: undefined, output };
    const ordered = isSliced(query) || (query.distinct?.length ?? 0) > 0;
    return { node: finishSelect(select, columns, { ordered }), output };
  },

  exists(context, query) {
    const select = begin(context, { ...query, values: undefined });
    if (select.where === false || query.limit === 0) return false;
    const sliced = isSliced(query);
    const node = finishSelect({ ...select, query: { ...select.query, limit: query.limit ?? 1 } }, [one()], {
      ordered: sliced,
    });
    return raw("exists ", node);
  },

  existsBehind(context, { hop, from, condition }) {
    const place = inner(context);
    const own = newContext(context.backend, hop.to, place, subqueries);
    const clause = condition?.({ ...own, reuse: "all" }) ?? true;
    const where = conjunction([clause, binary(columnNode(own.joins.base, hop.toColumn), "=", from)]);
    if (typeof where === "boolean") return false;
    return raw("exists ", bareSelect(own.joins, where));
  },
};

function begin(context: Context, query: Query): Select {
  refuseOther(context, query);
  return beginSelect(context.backend, query, inner(context), subqueries);
}

/** A database knows nothing of another one's rows. */
function refuseOther({ backend }: Context, query: Query): void {
  if (standsIn(query, backend.alias)) return;
  const { model, alias } = query;
  throw new QueryError(
    `A query of the database "${backend.alias}" holds one of ${model.name} in the database "${alias}". Await the inner one ` +
      "first, and give its values.",
  );
}

function inner(context: Context): Place {
  return { depth: context.depth + 1, outer: context };
}

/** The value `1`, where any will do. */
export function one(): Compiled {
  return { ...NO_USES, node: immediate(1), output: outputOf("integer"), nullable: false };
}

/** The columns of a subquery: what `values` names, else the key. One, but where it is compared with a key of several. */
function columnsOf(select: Select, width: number): readonly Compiled[] {
  const { query } = select;
  const { pk, modelName } = select.context.joins.options;
  if (query.values !== undefined) {
    const { columns } = planRows(select);
    if (columns.length === width) return columns;
    const wanted = width === 1 ? "one column" : `the ${width} columns of the key that it is compared with`;
    throw new QueryError(
      `A query set inside of another one has ${wanted}; this one has ${columns.length}: ${query.values.names.join(", ")}.`,
    );
  }
  if (pk.keyFields.length !== width) {
    const what = pk.hasColumn ? `${modelName} has a key of one column` : `${modelName} has a key of several columns`;
    throw new QueryError(`${what}. Name ${width === 1 ? "one" : `${width} columns`} with values("…").`);
  }
  return keyOfRows(select);
}

/** The columns of the key of a query's rows. */
export function keyOfRows({ context: { joins } }: Select): Compiled[] {
  return joins.options.pk.keyFields.map((field) => {
    const node = columnNode(joins.base, field.column);
    return { ...NO_USES, node, output: field, nullable: false, columns: [node] };
  });
}

function combined(context: Context, query: Query): { node: SelectQueryNode; output: Compiled["output"] } | undefined {
  const narrowed = query.values === undefined ? withKeys(query) : query;
  const compiled = compileCombination(context.backend, narrowed, { subqueries, place: inner(context) });
  if (compiled === undefined) return undefined;
  const [column] = compiled.columns;
  return { node: compiled.node, output: (column as Compiled).output };
}

/** Of combined queries of instances only the keys matter. */
function withKeys(query: Query): Query {
  const values = { names: ["pk"], form: "flat", at: 0 } as const;
  const members = query.combination?.members.map((member) => ({ ...member, values })) ?? [];
  return { ...query, values, combination: query.combination && { ...query.combination, members } };
}

/** `select 1 from … where …`. */
function bareSelect(joins: Joins, where: OperationNode): SelectQueryNode {
  const nodes = joins.nodes();
  return {
    kind: "SelectQueryNode",
    from: FromNode.create([joins.fromNode()]),
    selections: [selection(immediate(1))],
    ...(nodes.length > 0 && { joins: nodes }),
    where: WhereNode.create(where),
  };
}
