import { raw } from "../backends/base/raw.ts";
import { QueryError } from "../exceptions.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import type { Field } from "../fields/field.ts";
import { compileAggregate } from "./aggregates.ts";
import { compileArithmetic } from "./arithmetic.ts";
import { compileCast, compileCollate } from "./cast.ts";
import { type Compiled, type Context, NO_USES, usesOf } from "./context.ts";
import { compileFunction } from "./functions.ts";
import { truth } from "./nodes.ts";
import { outputOf } from "./outputs.ts";
import { compilePath } from "./path-compiler.ts";
import { compileSearchQuery, compileSearchVector } from "./search.ts";
import { argumentOf, compileSql } from "./sql-fragment.ts";
import { compileTransform } from "./transforms.ts";
import { compileAlike, unified } from "./unify.ts";
import { compileValue, isNullLiteral, NULL_NAME, noteWritten, writtenIn } from "./values.ts";
import { compileWindow } from "./window.ts";

/** An expression as SQL; the tables that it needs are joined. */
export function compileExpression(context: Context, node: ExpressionNode): Compiled {
  switch (node.kind) {
    case "reference":
      return compilePath(context, node.path);
    case "outer":
      return compileOuter(context, node.path);
    case "value":
      return compileValue(context, node.value, undefined, node.place);
    case "arithmetic":
      return compileArithmetic(context, node);
    case "function":
      return compileFunction(context, node);
    case "aggregate":
      return compileAggregate(context, node);
    case "case":
      return compileCase(context, node);
    case "condition": {
      const { clause, uses } = context.compilers.condition(context, node.condition);
      // In parentheses: what stands around may bind closer than NOT and "=".
      const inside = raw("(", truth(clause), ")");
      return { ...uses, node: inside, output: outputOf("boolean"), nullable: typeof clause !== "boolean" };
    }
    case "exists": {
      const clause = context.compilers.exists(context, node.query);
      // In parentheses as well, where it is "1 = 0".
      const sql = typeof clause === "boolean" ? raw("(", truth(clause), ")") : clause;
      return { ...NO_USES, columns: [sql], node: sql, output: outputOf("boolean"), nullable: false };
    }
    case "subquery":
      return compileSubquery(context, node);
    case "transform":
      return compileTransform(context, node);
    case "cast":
      return compileCast(context, node);
    case "collate":
      return compileCollate(context, node);
    case "searchVector":
      return compileSearchVector(context, node);
    case "searchQuery":
      return compileSearchQuery(context, node);
    case "sql":
      return compileSql(context, node);
    case "argument":
      return argumentOf(context, node.index);
    case "rank":
      throw new QueryError(`${node.name} is of the rows around a row: write Window(…, { orderBy: … }).`);
    case "window":
      return compileWindow(context, node);
  }
}

function compileOuter(context: Context, path: string): Compiled {
  if (context.outer === undefined) {
    throw new QueryError(
      `OuterRef("${path}") names a field of the query around; use it in a query that stands in Subquery or Exists.`,
    );
  }
  // Nothing of the outer query counts in the grouping of this one.
  return { ...compilePath({ ...context.outer, reuse: "all" }, path), ...NO_USES };
}

function compileSubquery(context: Context, { query }: Extract<ExpressionNode, { kind: "subquery" }>): Compiled {
  const compiled = context.compilers.subquery(context, query);
  if (compiled === undefined) return compileValue(context, null);
  // Of no rows it is null, of the kind that it would have been.
  const sql = compiled.node ?? context.backend.functions.typed(null, compiled.output.valueField);
  // A group has it once: it counts as a column.
  return { ...NO_USES, columns: [sql], node: sql, output: compiled.output, nullable: true };
}

function compileCase(context: Context, node: Extract<ExpressionNode, { kind: "case" }>): Compiled {
  const conditions = node.whens.map(({ condition }) => context.compilers.condition(context, condition));
  const values = [...node.whens.map(({ then }) => then), ...(node.otherwise ? [node.otherwise] : [])];
  const given = compileAlike(context, values);
  const compiled = choice(context, conditions, given);
  // Nothing but texts: beside a date they are dates.
  if (given.every((each) => isNullLiteral(each) || writtenIn(each) !== undefined)) {
    const read = (output: Field) => given.map((each) => writtenIn(each)?.(output) ?? each);
    noteWritten(compiled.node, (output) => choice(context, conditions, read(output)));
  }
  return compiled;
}

type Condition = ReturnType<Context["compilers"]["condition"]>;

/** A value for each condition; one more is that of all other rows. */
function choice(context: Context, conditions: readonly Condition[], values: readonly Compiled[]): Compiled {
  const compiled = unified(context, values, "Case");
  const branches = conditions.flatMap(({ clause }, index) => [
    " when ",
    truth(clause),
    " then ",
    (compiled[index] as Compiled).node,
  ]);
  const others = values.length > conditions.length;
  return {
    ...usesOf([...conditions.map(({ uses }) => uses), ...compiled]),
    node: raw("case", ...branches, ...(others ? [" else ", (compiled.at(-1) as Compiled).node] : []), " end"),
    output: (compiled.find(({ output }) => output.name !== NULL_NAME) ?? (compiled[0] as Compiled)).output,
    nullable: !others || compiled.some(({ nullable }) => nullable),
  };
}
