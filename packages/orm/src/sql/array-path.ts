import { raw } from "../backends/base/raw.ts";
import { FieldError } from "../exceptions.ts";
import { ArrayField } from "../fields/array.ts";
import { ARRAY_INDEX, ARRAY_SLICE } from "../lookups/names.ts";
import type { Compiled } from "./context.ts";
import { outputOf } from "./outputs.ts";

/** Whether the values are arrays. */
export function isArray({ output }: Compiled): boolean {
  return output.hasColumn && output.valueField.storage === "array";
}

/** What names behind an array read of it, and how many of them: `0`, `0_2`, `len`; undefined where it has no such part. */
export function applyArray(
  left: Compiled,
  names: readonly string[],
  path: string,
): { readonly compiled: Compiled; readonly used: number } | undefined {
  const [name = ""] = names;
  const array = left.output.valueField as ArrayField;
  if (name === "len") {
    const node = raw(
      "case when ",
      left.node,
      " is null then null else coalesce(array_length(",
      left.node,
      ", 1), 0) end",
    );
    return { compiled: { ...left, node, output: outputOf("integer") }, used: 1 };
  }
  const slice = ARRAY_SLICE.exec(name);
  if (slice !== null) {
    const [, from, to] = slice;
    return { compiled: { ...left, node: raw("(", left.node, `)[${Number(from) + 1}:${Number(to)}]`) }, used: 1 };
  }
  if (!ARRAY_INDEX.test(name)) return undefined;
  const indexes = names.slice(0, array.depth);
  if (indexes.length < array.depth || !indexes.every((each) => ARRAY_INDEX.test(each))) {
    throw new FieldError(
      `"${path}": the elements of ${left.output.label} are lists, and PostgreSQL gives only what is in them: ` +
        `name ${array.depth} indexes, as in "${left.output.name}__${Array(array.depth).fill(0).join("__")}".`,
    );
  }
  let output: Compiled["output"] = array;
  while (output instanceof ArrayField) output = output.base;
  const node = raw("(", left.node, ")", ...indexes.map((each) => `[${Number(each) + 1}]`));
  return { compiled: { ...left, node, output, nullable: true }, used: indexes.length };
}
