import type { Storage } from "../backends/base/operations.ts";
import { FieldError } from "../exceptions.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import { aligned, withPlaces } from "./arithmetic.ts";
import type { Compiled, Context } from "./context.ts";
import { decimalPlacesOf, kindOf, outputOf } from "./outputs.ts";
import { compileValue, decimalValue, isNullLiteral, writtenIn } from "./values.ts";

/** Expressions that become one value: a text beside a decimal, a date or the like is one, too. */
export function compileAlike(context: Context, nodes: readonly ExpressionNode[]): Compiled[] {
  const compiled = nodes.map((node) => context.compilers.expression(context, node));
  const model = compiled.find((value, index) => nodes[index]?.kind !== "value" && !isNullLiteral(value));
  const storage = model?.output.valueField.storage;
  if (model === undefined || storage === "text") return compiled;
  return nodes.map((node, index) => {
    if (node.kind !== "value" || typeof node.value !== "string") return compiled[index] as Compiled;
    return storage === "decimal" ? decimalValue(context, node.value) : compileValue(context, node.value, model.output);
  });
}

/** Values of one kind, for the branches of CASE and the arguments of COALESCE: numbers become the widest of theirs. */
export function unified(context: Context, values: readonly Compiled[], where: string): readonly Compiled[] {
  const known = values.filter((value) => !isNullLiteral(value));
  const [first] = known;
  if (first === undefined) return values;
  const storages = new Set(known.map((value) => value.output.valueField.storage));
  if (storages.size === 1 && !storages.has("decimal"))
    return values.map((value) => ({ ...value, output: first.output }));
  const places = known.map((value) => decimalPlacesOf(value.output));
  if (
    storages.has("real") &&
    known.every((value, index) => value.output.valueField.storage === "real" || places[index] !== undefined)
  ) {
    const output = outputOf("float");
    return values.map((value) => ({ ...value, node: context.backend.functions.toFloat(value), output }));
  }
  if (places.every((each) => each !== undefined)) {
    if (!storages.has("decimal")) {
      const output = outputOf("bigInteger");
      return values.map((value) => ({ ...value, output }));
    }
    const most = Math.max(...(places as number[]));
    return values.map((value) => (isNullLiteral(value) ? value : withPlaces(context, value, most)));
  }
  const kinds = known.map((value) => `${value.output.label} (${kindOf(value.output)})`);
  throw new FieldError(`${where} has values of different kinds: ${kinds.join(", ")}. Make them one kind.`);
}

/** Both sides of a comparison in one unit; texts that were written out are of the other side's kind. */
export function comparable(context: Context, left: Compiled, right: Compiled): [Compiled, Compiled] {
  const storages = [storageOf(left), storageOf(right)];
  if (storages[0] === storages[1]) return storages[0] === "decimal" ? aligned(context, left, right) : [left, right];
  if (isNullLiteral(left) || isNullLiteral(right) || storages.some((each) => OPEN.has(each))) return [left, right];
  if (storages.every((each) => NUMBERS.has(each))) {
    if (!storages.includes("decimal")) return [left, right];
    if (!storages.includes("real")) return aligned(context, left, right);
    const [a, b] = [left, right].map((each) => ({ ...each, node: context.backend.functions.toFloat(each) }));
    return [a as Compiled, b as Compiled];
  }
  if (storages.includes("date") && storages.includes("dateTime")) {
    return [asDateTime(context, left), asDateTime(context, right)];
  }
  const a = storages[0] === "text" ? writtenIn(left)?.(right.output) : undefined;
  const b = storages[1] === "text" ? writtenIn(right)?.(left.output) : undefined;
  if (a !== undefined) return comparable(context, a, right);
  if (b !== undefined) return comparable(context, left, b);
  const [x, y] = [left, right].map(({ output }) => `${output.label} (${kindOf(output)})`);
  throw new FieldError(`${x} and ${y} cannot be compared: their kinds differ. Make them one kind, with Cast(…).`);
}

const NUMBERS: ReadonlySet<Storage> = new Set<Storage>(["integer", "bigint", "real", "decimal"]);
/** Kinds that say by themselves what they are compared with. */
const OPEN: ReadonlySet<Storage> = new Set<Storage>(["array", "searchVector", "searchQuery"]);

function storageOf({ output }: Compiled): Storage {
  return output.valueField.storage;
}

/** The first moment of a day, as PostgreSQL has it. */
function asDateTime({ backend }: Context, compiled: Compiled): Compiled {
  if (storageOf(compiled) === "dateTime") return compiled;
  const output = outputOf("dateTime");
  return { ...compiled, node: backend.functions.cast(compiled, output), output };
}
