import type { Backend } from "../backends/base/backend.ts";
import { momentOf } from "../backends/base/moment.ts";
import type { Storage } from "../backends/base/operations.ts";
import { Field } from "../fields/field.ts";

/** A driver's value as the program has it. */
export type Decode = (value: unknown) => unknown;

/** What most values of a kind need, without a way through the operations of a database; the others go that way. */
const SHORT: Partial<Record<Storage, (decode: Decode) => Decode>> = {
  integer: (decode) => (value) => {
    if (value === null || Number.isSafeInteger(value)) return value;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : decode(value);
  },
  boolean: (decode) => (value) => (typeof value === "number" ? value !== 0 : decode(value)),
  dateTime: (decode) => (value) => (typeof value === "string" ? (momentOf(value) ?? decode(value)) : decode(value)),
};

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
  return SHORT[valueField.storage]?.(decode) ?? decode;
}
