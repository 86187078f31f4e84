import { raw } from "../backends/base/raw.ts";
import { NotSupportedError, QueryError } from "../exceptions.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import { outputFor } from "./cast.ts";
import { type Compiled, type Context, usesOf } from "./context.ts";

/** SQL as it was written, with expressions and parameters in it. */
export function compileSql(
  context: Context,
  { pieces, args, output }: Extract<ExpressionNode, { kind: "sql" }>,
): Compiled {
  const { backend } = context;
  const written = Array.isArray(pieces)
    ? (pieces as readonly string[])
    : (pieces as { readonly [vendor: string]: readonly string[] })[backend.vendor];
  if (written === undefined) {
    throw new NotSupportedError(
      `This SQL is written for ${Object.keys(pieces).join(", ")}, not for ${backend.vendor}.`,
    );
  }
  const values = args.map((each) => context.compilers.expression(context, each));
  const node = raw(
    ...written.flatMap((piece, index) => (index === 0 ? [piece] : [(values[index - 1] as Compiled).node, piece])),
  );
  const uses = usesOf(values);
  const field = outputFor(output);
  const nullable = field.null || values.some((value) => value.nullable);
  // It may name columns that nobody knows of: a group has it once.
  return { ...uses, columns: uses.aggregate ? uses.columns : [node], node, output: field, nullable };
}

/** What a lookup, transform or function of one's own was given at this place. */
export function argumentOf({ args }: Context, index: number): Compiled {
  const found = args?.[index];
  if (found !== undefined) return found;
  throw new QueryError("The arguments of a lookup or transform can be read only where it makes its SQL.");
}
