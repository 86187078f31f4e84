import { type FunctionName, operand, source } from "./expression.ts";
import { make } from "./make.ts";

/** A function of a path or expression, and of values or expressions behind it. */
export function plainCall<R>(name: FunctionName, of: unknown, ...others: readonly unknown[]): R {
  return make({ kind: "function", name, args: [source(of, name), ...others.map(operand)] });
}

/** A function of nothing. */
export function bareCall<R>(name: FunctionName): R {
  return make({ kind: "function", name, args: [] });
}
