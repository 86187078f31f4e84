import type { Context, Liquid } from "liquidjs";
import { compileValue, splitArguments } from "./arguments.ts";
import { SafeString } from "./safe-string.ts";
import { isTrue } from "./truth.ts";

/** A compiled condition: a generator that the engine drives to true or false. */
export type Condition = (context: Context) => Generator<unknown, boolean, unknown>;

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
  const any = splitAt(words, "or").map((part) => splitAt(part, "and").map((atom) => compileAtom(atom, text, liquid)));
  return function* condition(context) {
    for (const all of any) {
      let holds = true;
      for (const atom of all) {
        holds = (yield atom(context)) as boolean;
        if (!holds) break;
      }
      if (holds) return true;
    }
    return false;
  };
}

function compileAtom(words: readonly string[], text: string, liquid: Liquid): Condition {
  if (words[0] === "not") {
    const inner = compileAtom(words.slice(1), text, liquid);
    return function* negation(context) {
      return !(yield inner(context));
    };
  }
  const [left, ...rest] = words;
  const right = rest.pop();
  const operator = rest.join(" ");
  if (left === undefined) throw new Error(`cannot read the condition ${JSON.stringify(text)}`);
  const leftValue = compileValue(left, liquid);
  if (right === undefined) {
    return function* truth(context) {
      return isTrue(yield leftValue.value(context, true));
    };
  }
  const compare = COMPARISONS.get(operator);
  if (compare === undefined) throw new Error(`cannot read the condition ${JSON.stringify(text)}`);
  const rightValue = compileValue(right, liquid);
  return function* comparison(context) {
    return compare(yield leftValue.value(context, true), yield rightValue.value(context, true));
  };
}
