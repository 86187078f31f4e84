/** A closed set of values with labels. */
export interface Choices<T extends Readonly<Record<string, string>>> {
  readonly values: readonly (keyof T & string)[];
  readonly labels: T;
}

/** The union of the values of `choices(…)`: `type Status = ChoiceOf<typeof Status>`. */
export type ChoiceOf<C> = C extends Choices<infer T> ? keyof T & string : never;

/**
 * A closed set of values, each with a label; the values are also properties.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/fields/#enumeration-types
 * @example
 * const Status = choices({ draft: "Draft", done: "Published" });
 * Status.done; // "done"
 */
export function choices<const T extends Readonly<Record<string, string>>>(
  labels: T,
): Choices<T> & { readonly [K in keyof T]: K } {
  const values = Object.keys(labels);
  const set = { ...Object.fromEntries(values.map((value) => [value, value])), values, labels };
  return Object.freeze(set) as unknown as Choices<T> & { readonly [K in keyof T]: K };
}

/** The label of a value in a field's `choices`: `choices(…)`, a list of values, or a list of `[value, label]`. */
export function choiceLabel(given: unknown, value: unknown): string {
  if (Array.isArray(given)) {
    const pair = given.find((each) => Array.isArray(each) && each[0] === value) as [unknown, string] | undefined;
    return pair?.[1] ?? String(value);
  }
  return (given as Choices<Record<string, string>>).labels[String(value)] ?? String(value);
}
