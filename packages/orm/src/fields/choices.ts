/** A closed set of values with labels. */
export interface Choices<T extends Readonly<Record<string, string>>> {
  readonly values: readonly (keyof T & string)[];
  readonly labels: T;
}

/** A closed set of numbers with labels. */
export interface NumberChoices<V extends number, L extends string = string> {
  readonly values: readonly V[];
  readonly labels: Readonly<Record<V, L>>;
}

/** The union of the values of `choices(…)`: `type Status = ChoiceOf<typeof Status>`. */
export type ChoiceOf<C> = C extends NumberChoices<infer V> ? V : C extends Choices<infer T> ? keyof T & string : never;

type Named = Readonly<Record<string, string>>;
type Numbered = Readonly<Record<string, readonly [value: number, label: string]>>;

type NamedTexts = Readonly<Record<string, readonly [value: string, label: string]>>;

interface MakeChoices {
  /** Texts: `choices({ draft: "Draft" })`. */
  <const T extends Named>(labels: T): Choices<T> & { readonly [K in keyof T]: K };
  /** Texts, by name: `choices({ draft: ["D", "Draft"] })`. */
  <const T extends NamedTexts>(
    texts: T,
  ): Choices<{ readonly [K in keyof T as T[K][0]]: T[K][1] }> & { readonly [K in keyof T]: T[K][0] };
  /** Numbers, by name: `choices({ low: [1, "Low"] })`. */
  <const T extends Numbered>(
    numbers: T,
  ): NumberChoices<T[keyof T][0], T[keyof T][1]> & { readonly [K in keyof T]: T[K][0] };
}

/**
 * A closed set of values, each with a label; the values are also properties.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/fields/#enumeration-types
 * @example
 * const Status = choices({ draft: "Draft", done: "Published" });
 * Status.done; // "done"
 * const Year = choices({ first: ["FR", "First"], second: ["SO", "Second"] });
 * Year.first; // "FR"
 * const Priority = choices({ low: [1, "Low"], high: [2, "High"] });
 * Priority.high; // 2
 */
export const choices: MakeChoices = ((given: Named | NamedTexts | Numbered) => {
  const entries = Object.entries(given).map(([name, each]) =>
    typeof each === "string" ? { name, value: name, label: each } : { name, value: each[0], label: each[1] },
  );
  return Object.freeze({
    ...Object.fromEntries(entries.map(({ name, value }) => [name, value])),
    values: Object.freeze(entries.map(({ value }) => value)),
    labels: Object.freeze(Object.fromEntries(entries.map(({ value, label }) => [value, label]))),
  });
}) as unknown as MakeChoices;

/** The values of a field's `choices`: `choices(…)`, a list of values, or a list of `[value, label]`. */
export function choiceValues(given: unknown): readonly unknown[] {
  if (!Array.isArray(given)) return (given as { readonly values: readonly unknown[] }).values;
  return given.map((each) => (Array.isArray(each) ? each[0] : each));
}

/**
 * The label of a value in a field's `choices`: `choices(…)`, a list of values, or a list of `[value, label]`. No value has
 * none.
 */
export function choiceLabel(given: unknown, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(given)) {
    const pair = given.find((each) => Array.isArray(each) && each[0] === value) as [unknown, string] | undefined;
    return pair?.[1] ?? String(value);
  }
  return (given as Choices<Record<string, string>>).labels[String(value)] ?? String(value);
}
