/**
 * A condition on a table's own columns, as a migration writes it: lookups that must all hold (`{ price__gte: "0" }`),
 * or a combination of conditions.
 */
export type ConditionState =
  | { readonly $and: readonly ConditionState[] }
  | { readonly $or: readonly ConditionState[] }
  | { readonly $xor: readonly ConditionState[] }
  | { readonly $not: ConditionState }
  | { readonly [lookup: string]: unknown };

/** The names of the fields that a condition speaks of. */
export function namesIn(condition: ConditionState): string[] {
  return Object.entries(condition).flatMap(([key, value]): string[] => {
    if (key === "$not") return namesIn(value as ConditionState);
    if (key.startsWith("$")) return (value as readonly ConditionState[]).flatMap(namesIn);
    return [key.split("__")[0] as string];
  });
}

/** The same condition about fields of other names. */
export function renameInCondition(condition: ConditionState, rename: (name: string) => string): ConditionState {
  const each = (list: unknown) => (list as readonly ConditionState[]).map((one) => renameInCondition(one, rename));
  const entries = Object.entries(condition).map(([key, value]) => {
    if (key === "$not") return [key, renameInCondition(value as ConditionState, rename)];
    if (key.startsWith("$")) return [key, each(value)];
    const [name = "", ...rest] = key.split("__");
    return [[rename(name), ...rest].join("__"), value];
  });
  return Object.fromEntries(entries) as ConditionState;
}
