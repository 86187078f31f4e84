import { UsageError } from "@tsjango/kernel/exceptions";
import type { Backend } from "../backends/base/backend.ts";
import { FieldValueError } from "../exceptions.ts";
import { fieldFrom } from "../fields/field-from.ts";
import type { FieldState } from "./state.ts";

/** Stands for any database: a field checks a value before its backend encodes it. */
const anyBackend = { operations: { encode: (_field: unknown, value: unknown) => value } } as unknown as Backend;

/**
 * The value of a field that was typed as text: as JSON, as a date, or as it stands, whichever the field takes first.
 * @throws UsageError with what the field takes, where it takes none of them.
 */
export function fillValue(key: string, state: FieldState, text: string): unknown {
  const [first, ...others] = [...jsonOf(text), text, new Date(text)];
  // A relation takes what the other model's key takes, which is checked when it is applied.
  if (state.to !== undefined) return first;
  const field = fieldFrom(state).bind(key);
  let refused: FieldValueError | undefined;
  for (const value of [first, ...others]) {
    if (value === null) continue;
    try {
      field.toDatabase(value, anyBackend);
      return value;
    } catch (error) {
      if (!(error instanceof FieldValueError)) throw error;
      refused ??= error;
    }
  }
  throw new UsageError(refused?.message ?? `${key} may not be null.`);
}

function jsonOf(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}
