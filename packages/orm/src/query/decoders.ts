import type { Backend } from "../backends/base/backend.ts";
import { Field } from "../fields/field.ts";

/** A driver's value as the program has it. */
export type Decode = (value: unknown) => unknown;

/** How a column's values are decoded; undefined where they come as they are. */
export function decoderOf({ valueField }: Field, backend: Backend): Decode | undefined {
  const { restore, fromDatabase } = valueField as unknown as { restore: unknown; fromDatabase: unknown };
  const { prototype } = Field as unknown as { prototype: { restore: unknown; fromDatabase: unknown } };
  if (fromDatabase !== prototype.fromDatabase || restore !== prototype.restore) {
    return (value) => valueField.fromDatabase(value, backend);
  }
  const { operations } = backend;
  if (operations.asItIs.has(valueField.storage)) return undefined;
  const decode: Decode = (value) => (value === null ? null : operations.decode(valueField, value));
  if (valueField.storage !== "integer") return decode;
  return (value) => (Number.isSafeInteger(value) ? value : decode(value));
}
