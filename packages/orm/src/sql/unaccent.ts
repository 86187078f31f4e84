import { raw } from "../backends/base/raw.ts";
import type { Compiled, Context } from "./context.ts";
import { outputOf } from "./outputs.ts";
import { requirePostgres } from "./postgres-only.ts";

/** The text without accents; it needs the extension `unaccent`. */
export function unaccented(context: Context, of: Compiled): Compiled {
  requirePostgres(context, '"unaccent"');
  return { ...of, node: raw("unaccent(", of.node, ")"), output: outputOf("text") };
}
