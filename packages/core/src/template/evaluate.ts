import {
  type Context,
  type Expression,
  evalToken,
  type Filter,
  type Token,
  TypeGuards,
  UndefinedVariableError,
  type Value,
} from "liquidjs";
import { isThenable } from "../utils/is-thenable.ts";
import type { TemplateContext } from "./context.ts";
import { drive } from "./drive.ts";
import { type ApplyFilter, filterAt } from "./filter.ts";

/** A compiled value: what it is in a context, or a promise of that. */
export type Evaluate = (context: Context) => unknown;

/** Compiles a value with its filters. */
export function compileFiltered({ initial, filters }: Pick<Value, "initial" | "filters">): Evaluate {
  return filters.reduce(compileFilter, compileInitial(initial));
}

function compileInitial(expression: Expression): Evaluate {
  const [token, ...others] = expression.postfix;
  if (token !== undefined && others.length === 0) return compileToken(token);
  return (context) => drive(expression.evaluate(context, true));
}

function compileToken(token: Token): Evaluate {
  if ("content" in token) {
    const { content } = token;
    return () => content;
  }
  const path = pathOf(token);
  if (path === undefined) return (context) => drive(evalToken(token, context, true));
  const scopeName = path[0] as string;
  return (context) => {
    try {
      const value = (context as TemplateContext).readPath(context["findScope"](scopeName), path);
      return isThenable(value) ? locatedLater(value, token) : value;
    } catch (error) {
      throw new UndefinedVariableError(error as Error, token);
    }
  };
}

// Closures have functions of their own here: what makes one allocates for it at each call, used or not.

function locatedLater(value: PromiseLike<unknown>, token: Token): PromiseLike<unknown> {
  return value.then(undefined, (error: unknown) => {
    throw new UndefinedVariableError(error as Error, token);
  });
}

/** The names of `book.author.name`; undefined for what is found out while rendering, as in `books[chosen]`. */
function pathOf(token: Token): readonly unknown[] | undefined {
  if (!TypeGuards.isPropertyAccessToken(token) || token.variable !== undefined) return undefined;
  const names: unknown[] = [];
  for (const prop of token.props) {
    if (!("content" in prop)) return undefined;
    names.push(prop.content);
  }
  return typeof names[0] === "string" ? names : undefined;
}

function compileFilter(input: Evaluate, filter: Filter): Evaluate {
  const args = filter.args.map((arg): Evaluate => {
    if (!Array.isArray(arg)) return compileToken(arg);
    const [name, token] = arg;
    const evaluate = token === undefined ? () => undefined : compileToken(token);
    return (context) => {
      const value = evaluate(context);
      return isThenable(value) ? value.then((there) => [name, there]) : [name, value];
    };
  });
  const apply = filterAt(filter);
  const withArguments = (context: Context, value: unknown): unknown => {
    if (args.length === 0) return apply(context, value, NONE);
    const given: unknown[] = [];
    for (const evaluate of args) given.push(evaluate(context));
    return given.some(isThenable) ? applyLater(apply, context, value, given) : apply(context, value, given);
  };
  return (context) => {
    const value = input(context);
    return isThenable(value) ? withArgumentsLater(withArguments, context, value) : withArguments(context, value);
  };
}

const NONE: readonly unknown[] = [];

function withArgumentsLater(
  withArguments: (context: Context, value: unknown) => unknown,
  context: Context,
  value: PromiseLike<unknown>,
): PromiseLike<unknown> {
  return value.then((there) => withArguments(context, there));
}

function applyLater(apply: ApplyFilter, context: Context, value: unknown, given: readonly unknown[]): Promise<unknown> {
  return Promise.all(given).then((there) => apply(context, value, there));
}
