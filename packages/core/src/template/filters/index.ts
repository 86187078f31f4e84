import type { Liquid } from "liquidjs";
import { registerFilter } from "../filter.ts";
import { dateFilters } from "./dates.ts";
import { htmlFilters } from "./html.ts";
import { listFilters } from "./lists.ts";
import { logicFilters } from "./logic.ts";
import { numberFilters } from "./numbers.ts";
import { textFilters } from "./text.ts";

/**
 * Gives an engine Django's filters, over LiquidJS's of the same names.
 * Source: https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#built-in-filter-reference
 */
export function registerFilters(liquid: Liquid): void {
  const all = { ...textFilters, ...htmlFilters, ...listFilters, ...numberFilters, ...logicFilters, ...dateFilters };
  for (const [name, filter] of Object.entries(all)) registerFilter(liquid, name, filter);
}
