import { filter, type TemplateFilter } from "../filter.ts";
import { toText } from "../output.ts";
import { isTrue } from "../truth.ts";

function yesno(value: unknown, words: unknown = "yes,no,maybe"): unknown {
  const [yes, no, maybe = no] = toText(words).split(",");
  if (no === undefined) return value;
  return value === null || value === undefined ? maybe : isTrue(value) ? yes : no;
}

/** Filters that choose. */
export const logicFilters: Readonly<Record<string, TemplateFilter>> = {
  default: filter((value, other) => (isTrue(value) ? value : other)),
  default_if_none: filter((value, other) => value ?? other),
  yesno: filter(yesno),
};
