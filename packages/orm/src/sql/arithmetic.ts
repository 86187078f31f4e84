import { raw } from "../backends/base/raw.ts";
import { FieldError } from "../exceptions.ts";
import type { ArithmeticOperator, ExpressionNode } from "../expressions/expression.ts";
import type { Field } from "../fields/field.ts";
import { type Compiled, type Context, usesOf } from "./context.ts";
import { decimalOutput, decimalPlacesOf, isNumeric, kindOf, outputOf } from "./outputs.ts";
import { decimalValue, writtenIn } from "./values.ts";

/** The digits that a quotient of decimals has behind the point, beyond those of what is divided. */
const QUOTIENT_PLACES = 4;

/** What combines the bits of whole numbers. */
const BITS: ReadonlySet<string> = new Set(["&", "|", "#", "<<", ">>"]);

type Arithmetic = Extract<ExpressionNode, { kind: "arithmetic" }>;

/** `left + right`: numbers of one kind, or moments and durations. */
export function compileArithmetic(context: Context, { operator, left, right }: Arithmetic): Compiled {
  const [a, b] = operands(context, left, right);
  const nullable = a.nullable || b.nullable || operator === "/" || operator === "%";
  const uses = usesOf([a, b]);
  const { functions } = context.backend;
  const [kindA, kindB] = [a.output.valueField.storage, b.output.valueField.storage];
  if (operator === "+" && kindA === "searchVector" && kindB === "searchVector") {
    return { ...uses, nullable, node: raw("(", a.node, " || ", b.node, ")"), output: a.output };
  }
  if (isMoment(kindA) || kindA === "duration") {
    if (operator === "-" && isMoment(kindA) && isMoment(kindB)) {
      return { ...uses, nullable, node: functions.difference(a, b), output: outputOf("duration") };
    }
    if ((operator === "+" || operator === "-") && kindB === "duration") {
      const moment = isMoment(kindA);
      const node = moment
        ? functions.shift(operator, a, b.node)
        : functions.arithmetic(operator, a, b, outputOf("integer"));
      return { ...uses, nullable, node, output: moment ? outputOf("dateTime") : a.output };
    }
    throw notArithmetic(operator, a.output, b.output);
  }
  const output = numberOutput(operator, a.output, b.output);
  if (output === undefined) throw notArithmetic(operator, a.output, b.output);
  const [x, y] = operator === "+" || operator === "-" || operator === "%" ? aligned(context, a, b) : [a, b];
  return { ...uses, nullable, node: functions.arithmetic(operator, x, y, output), output };
}

function isMoment(storage: Field["storage"]): boolean {
  return storage === "date" || storage === "dateTime";
}

/** A string beside a number is a decimal. */
function operands(context: Context, left: ExpressionNode, right: ExpressionNode): [Compiled, Compiled] {
  const compile = (node: ExpressionNode, other: ExpressionNode): Compiled => {
    if (node.kind !== "value" || typeof node.value !== "string" || other.kind === "value") {
      return context.compilers.expression(context, node);
    }
    return decimalValue(context, node.value);
  };
  const [a, b] = [compile(left, right), compile(right, left)];
  return [besideNumber(a, b), besideNumber(b, a)];
}

/** The same behind a name, and in the branches of a choice. */
function besideNumber(given: Compiled, other: Compiled): Compiled {
  if (given.output.valueField.storage !== "text" || !isNumeric(other.output)) return given;
  return writtenIn(given)?.(decimalOutput(0)) ?? given;
}

function numberOutput(operator: ArithmeticOperator, left: Field, right: Field): Field | undefined {
  const kinds = [left.valueField.storage, right.valueField.storage];
  const [a, b] = [decimalPlacesOf(left), decimalPlacesOf(right)];
  const numbers = kinds.every((kind, index) => kind === "real" || [a, b][index] !== undefined);
  if (!numbers) return undefined;
  if (kinds.includes("real") && BITS.has(operator)) return undefined;
  if (operator === "^" || kinds.includes("real")) return outputOf("float");
  if (!kinds.includes("decimal")) return outputOf(kinds.includes("bigint") ? "bigInteger" : "integer");
  if (BITS.has(operator)) return undefined;
  const [x, y] = [a as number, b as number];
  if (operator === "*") return decimalOutput(x + y);
  return decimalOutput(operator === "/" ? Math.max(x, y) + QUOTIENT_PLACES : Math.max(x, y));
}

/** Two numbers with as many decimal places each. */
export function aligned(context: Context, a: Compiled, b: Compiled): [Compiled, Compiled] {
  const [x, y] = [decimalPlacesOf(a.output), decimalPlacesOf(b.output)];
  if (x === undefined || y === undefined || x === y) return [a, b];
  const places = Math.max(x, y);
  return [withPlaces(context, a, places), withPlaces(context, b, places)];
}

/** A number with so many decimal places. */
export function withPlaces({ backend }: Context, compiled: Compiled, places: number): Compiled {
  const from = decimalPlacesOf(compiled.output);
  if (from === undefined || (from === places && compiled.output.valueField.storage === "decimal")) return compiled;
  const node = backend.functions.decimalPlaces(compiled.node, from, places);
  return { ...compiled, node, output: decimalOutput(places) };
}

function notArithmetic(operator: ArithmeticOperator, left: Field, right: Field): FieldError {
  const kind = (field: Field) => `${field.label} (${kindOf(field)})`;
  return new FieldError(
    `There is no arithmetic "${operator}" between ${kind(left)} and ${kind(right)}. ` +
      "Numbers go with numbers, dates with dates and durations.",
  );
}
