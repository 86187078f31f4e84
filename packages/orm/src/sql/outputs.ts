import { Duration } from "../fields/duration.ts";
import type { Field } from "../fields/field.ts";
import { fieldFrom } from "../fields/field-from.ts";
import { DecimalField } from "../fields/numbers.ts";

/** The most digits that a decimal has on every database. */
const MOST_DIGITS = 18;

const kinds = new Map<string, Field>();

/** How values of a kind are encoded and decoded where no field of a model says it. */
export function outputOf(
  kind:
    | "integer"
    | "bigInteger"
    | "float"
    | "text"
    | "boolean"
    | "dateTime"
    | "date"
    | "time"
    | "duration"
    | "binary"
    | "uuid"
    | "json",
): Field {
  let field = kinds.get(kind);
  if (field === undefined) {
    // A count may be more than a column of 32 bits takes.
    field = fieldFrom({ kind: kind === "integer" ? "auto" : kind, options: {} }).bind("the value");
    kinds.set(kind, field);
  }
  return field;
}

/** A decimal with so many places. */
export function decimalOutput(decimalPlaces: number): Field {
  const key = `decimal ${decimalPlaces}`;
  let field = kinds.get(key);
  if (field === undefined) {
    const maxDigits = Math.max(MOST_DIGITS, decimalPlaces);
    field = new DecimalField({ maxDigits, decimalPlaces }).bind("the value");
    kinds.set(key, field);
  }
  return field;
}

/** The kind of a value, for messages. */
export function kindOf({ valueField: { kind } }: Field): string {
  return kind === "auto" ? "integer" : kind;
}

/** Whether values are numbers. */
export function isNumeric(field: Field): boolean {
  return field.valueField.storage === "real" || decimalPlacesOf(field) !== undefined;
}

/** The digits behind the point of a decimal or whole number; undefined for anything else. */
export function decimalPlacesOf({ valueField }: Field): number | undefined {
  if (valueField instanceof DecimalField) return valueField.decimalPlaces;
  return valueField.storage === "integer" || valueField.storage === "bigint" ? 0 : undefined;
}

/** The output of a value as JavaScript has it. Null is of any kind. */
export function outputOfValue(value: unknown): Field | undefined {
  switch (typeof value) {
    case "string":
      return outputOf("text");
    case "number":
      return outputOf(Number.isInteger(value) ? "integer" : "float");
    case "bigint":
      return outputOf("bigInteger");
    case "boolean":
      return outputOf("boolean");
    default:
      if (value instanceof Date) return outputOf("dateTime");
      if (value instanceof Duration) return outputOf("duration");
      return value instanceof Uint8Array ? outputOf("binary") : undefined;
  }
}
