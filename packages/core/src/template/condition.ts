import type { Context, Liquid } from "liquidjs";
import { compileValue, splitArguments } from "./arguments.ts";
import { whenThere } from "./drive.ts";
import { SafeString } from "./safe-string.ts";
import { isTrue } from "./truth.ts";

/** A compiled condition: whether it holds, or a promise of that. */
export type Condition = (context: Context) => boolean | Promise<boolean>;

type Comparison = (left: unknown, right: unknown) => boolean;

function plain(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return value instanceof SafeString ? value.toString() : (value ?? null);
}

function equal(left: unknown, right: unknown): boolean {
  const [a, b] = [plain(left), plain(right)];
  // 3 and 3n are the same number.
  return (
    a === b ||
    (typeof a === "bigint" && typeof b === "number" && a === BigInt(b)) ||
    (typeof b === "bigint" && typeof a === "number" && b === BigInt(a))
  );
}

function ordered(compare: (left: number, right: number) => boolean): Comparison {
  return (left, right) => {
    const [a, b] = [plain(left), plain(right)];
    return a !== null && b !== null && compare(a as number, b as number);
  };
}

function contains(item: unknown, container: unknown): boolean {
  if (typeof container === "string") return container.includes(String(plain(item)));
  if (Array.isArray(container)) return container.some((other) => equal(item, other));
  if (container instanceof Map || container instanceof Set) return container.has(item);
  return typeof container === "object" && container !== null && Object.hasOwn(container, String(item));
}

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ["==", equal],
  ["!=", (left, right) => !equal(left, right)],
  ["<", ordered((left, right) => left < right)],
  [">", ordered((left, right) => left > right)],
  ["<=", ordered((left, right) => left <= right)],
  [">=", ordered((left, right) => left >= right)],
  ["in", contains],
  ["not in", (left, right) => !contains(left, right)],
  ["is", equal],
  ["is not", (left, right) => !equal(left, right)],
  ["contains", (left, right) => contains(right, left)],
]);

/** Splits words at each of one kind: `["a", "or", "b"]` at "or" gives `[["a"], ["b"]]`. */
function splitAt(words: readonly string[], separator: string): string[][] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word === separator) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}

/**
 * Compiles the condition of `{% if %}`: `or` binds weakest, then `and`, `not`, then comparisons, as in Django.
 * Source: https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#if
 * @throws Error for a condition that cannot be read.
 */
export function compileCondition(text: string, liquid: Liquid): Condition {
  const spaced = text.replace(
    /("[^"]*"|'[^']*')|\s*(==|!=|<=|>=|<|>)\s*/g,
    (_all, quoted, sign) => quoted ?? ` ${sign} `,
  );
  const words = splitArguments(spaced);
  if (words.length === 0) throw new Error("a condition is missing");
  const any = splitAt(words, "or").map((part) =>
    everyOf(splitAt(part, "and").map((atom) => compileAtom(atom, text, liquid))),
  );
  return someOf(any);
}

/** Holds where each of them does; those behind one that does not are not asked. */
function everyOf(conditions: readonly Condition[]): Condition {
  return inTurn(conditions, false);
}

/** Holds where one of them does; those behind it are not asked. */
function someOf(conditions: readonly Condition[]): Condition {
  return inTurn(conditions, true);
}

/** Asks conditions in turn for the first that is `wanted`. */
function inTurn(conditions: readonly Condition[], wanted: boolean): Condition {
  const [only] = conditions;
  if (only !== undefined && conditions.length === 1) return only;
  const ask = (context: Context, from: number): boolean | Promise<boolean> => {
    for (let at = from; at < conditions.length; at++) {
      const holds = conditions[at]?.(context);
      if (typeof holds === "object") return holds.then((there) => (there === wanted ? wanted : ask(context, at + 1)));
      if (holds === wanted) return wanted;
    }
    return !wanted;
  };
  return (context) => ask(context, 0);
}

function compileAtom(words: readonly string[], text: string, liquid: Liquid): Condition {
  if (words[0] === "not") {
    const inner = compileAtom(words.slice(1), text, liquid);
    return (context) => whenThere(inner(context), (holds) => holds !== true);
  }
  const [left, ...rest] = words;
  const right = rest.pop();
  const operator = rest.join(" ");
  if (left === undefined) throw new Error(`cannot read the condition ${JSON.stringify(text)}`);
  const leftValue = compileValue(left, liquid);
  if (right === undefined) return (context) => whenThere(leftValue.value(context), isTrue);
  const compare = COMPARISONS.get(operator);
  if (compare === undefined) throw new Error(`cannot read the condition ${JSON.stringify(text)}`);
  const rightValue = compileValue(right, liquid);
  return (context) =>
    whenThere(leftValue.value(context), (one) =>
      whenThere(rightValue.value(context), (other) => compare(one, other)),
    ) as boolean | Promise<boolean>;
}
