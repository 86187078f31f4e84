import type { OperationNode } from "kysely";
import { listed, raw } from "../backends/base/raw.ts";
import { FieldError } from "../exceptions.ts";
import type { ExpressionNode, FrameNode, WindowName } from "../expressions/expression.ts";
import { type Compiled, type Context, NO_USES, type Ordered, usesOf } from "./context.ts";
import { compileOrder, orderNode } from "./direction.ts";
import { immediate } from "./nodes.ts";
import { decimalPlacesOf, kindOf, outputOf } from "./outputs.ts";
import { compileAlike, unified } from "./unify.ts";

type WindowNode = Extract<ExpressionNode, { kind: "window" }>;
type RankNode = Extract<ExpressionNode, { kind: "rank" }>;

/** How a function of the rows around is called, and what it gives; undefined for a value of its source. */
const FUNCTIONS: Readonly<Record<WindowName, { readonly sql: string; readonly gives?: "integer" | "float" }>> = {
  rowNumber: { sql: "row_number", gives: "integer" },
  rank: { sql: "rank", gives: "integer" },
  denseRank: { sql: "dense_rank", gives: "integer" },
  ntile: { sql: "ntile", gives: "integer" },
  percentRank: { sql: "percent_rank", gives: "float" },
  cumeDist: { sql: "cume_dist", gives: "float" },
  lag: { sql: "lag" },
  lead: { sql: "lead" },
  firstValue: { sql: "first_value" },
  lastValue: { sql: "last_value" },
  nthValue: { sql: "nth_value" },
};

/** `sum(x) over (partition by … order by … rows between …)`. */
export function compileWindow(context: Context, given: WindowNode): Compiled {
  const { of: inner } = given;
  if (inner.kind === "aggregate" && inner.otherwise !== undefined) {
    // OVER follows the call itself; the value of no rows stands around both.
    const { otherwise, ...bare } = inner;
    const window: WindowNode = { ...given, of: { ...bare, otherwise: undefined } };
    return context.compilers.expression(context, { kind: "function", name: "coalesce", args: [window, otherwise] });
  }
  const node = anyAsGreatest(given);
  const of = node.of.kind === "rank" ? compileRank(context, node.of) : context.compilers.expression(context, node.of);
  if (node.of.kind !== "rank" && !of.aggregate) {
    throw new FieldError("Window takes an aggregate, such as Sum, or a function of the rows around, such as Rank().");
  }
  const partitions = node.partitionBy.map((each) => context.compilers.expression(context, each));
  const orders = node.orderBy.map((each) => compileOrder(context, each));
  const parts = [
    partitions.length > 0 ? ["partition by ", ...listed(partitions.map((each) => each.node))] : [],
    orders.length > 0 ? ["order by ", ...listed(orders.map(orderNode))] : [],
    node.frame === undefined ? [] : [frameNode(context, node.frame, orders)],
  ].filter((part) => part.length > 0);
  const over = parts.flatMap((part, index) => (index === 0 ? part : [" ", ...part]));
  const { columns } = usesOf([of, ...partitions, ...orders.map((each) => each.of)]);
  return { ...of, node: raw(of.node, " over (", ...over, ")"), aggregate: false, window: true, columns };
}

/** Any value will do: not every database has an aggregate for it that can be a window. */
function anyAsGreatest(node: WindowNode): WindowNode {
  if (node.of.kind !== "aggregate" || node.of.name !== "anyValue") return node;
  return { ...node, of: { ...node.of, name: "max" } };
}

/** A function of the rows around. The numbers among its arguments are written out: they are checked, and are no values. */
function compileRank(context: Context, { name, args = [] }: RankNode): Compiled {
  const { sql, gives } = FUNCTIONS[name];
  if (gives !== undefined) {
    const numbers = args.map(numberIn);
    return { ...NO_USES, node: raw(`${sql}(`, ...listed(numbers), ")"), output: outputOf(gives), nullable: false };
  }
  const [source, number, otherwise] = args;
  const values = compileAlike(
    context,
    otherwise === undefined ? [source as ExpressionNode] : [source as ExpressionNode, otherwise],
  );
  const [of, instead] = unified(context, values, name) as [Compiled, Compiled?];
  if (of.aggregate || of.window) throw new FieldError(`${name} takes values of rows, no aggregates or windows.`);
  const parts = [of.node, ...(number === undefined ? [] : [numberIn(number)]), ...(instead ? [instead.node] : [])];
  return { ...usesOf(values), node: raw(`${sql}(`, ...listed(parts), ")"), output: of.output, nullable: true };
}

function numberIn(node: ExpressionNode): OperationNode {
  return immediate(Number((node as { readonly value?: unknown }).value));
}

const EXCLUSIONS = { currentRow: "current row", group: "group", ties: "ties" } as const;

/** `rows between 2 preceding and current row exclude ties`. */
function frameNode(
  context: Context,
  { unit, start, end, exclude }: FrameNode,
  orders: readonly Ordered[],
): OperationNode {
  const offset = unit === "range" ? valueOffset(context, [start, end], orders) : String;
  const bound = (given: number | null, side: "preceding" | "following"): string => {
    if (given === null) return `unbounded ${side}`;
    if (given === 0) return "current row";
    return given < 0 ? `${offset(-given)} preceding` : `${offset(given)} following`;
  };
  const words = `${unit} between ${bound(start, "preceding")} and ${bound(end, "following")}`;
  return raw(exclude === undefined ? words : `${words} exclude ${EXCLUSIONS[exclude]}`);
}

/** How a distance between values is written, in the unit in which these are kept. */
function valueOffset(
  { backend }: Context,
  bounds: readonly (number | null)[],
  orders: readonly Ordered[],
): (distance: number) => string {
  if (bounds.every((bound) => bound === null || bound === 0)) return String;
  const [order] = orders;
  const output = order?.of.output;
  if (orders.length !== 1 || output === undefined) {
    throw new FieldError("ValueRange needs a window with one order, whose values it measures.");
  }
  if (output.valueField.storage === "real") return String;
  const places = decimalPlacesOf(output);
  if (places === undefined) {
    throw new FieldError(`ValueRange measures numbers; ${output.label} is of the kind ${kindOf(output)}.`);
  }
  if (output.valueField.storage !== "decimal") return String;
  return (distance) => backend.operations.literal(output.toDatabase(String(distance), backend));
}
