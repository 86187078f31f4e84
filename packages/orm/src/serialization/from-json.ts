import { describeValue } from "@tsjango/kernel/utils";
import { FieldValueError } from "../exceptions.ts";
import { Duration } from "../fields/duration.ts";
import type { Field } from "../fields/field.ts";

/** A moment needs its zone: without one it would be another on each machine. */
const MOMENT = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))$/i;

/** A value that JSON has, as the field's own; what is of the field's own type already stays. Saving checks the rest. */
export function valueFromJson(field: Field, value: unknown): unknown {
  if (value === null) return null;
  return READERS[field.valueField.storage]?.(field, value) ?? value;
}

const READERS: Readonly<Record<string, (field: Field, value: unknown) => unknown>> = {
  dateTime(field, value) {
    if (typeof value !== "string") return value;
    const date = new Date(value);
    if (MOMENT.test(value) && !Number.isNaN(date.getTime())) return date;
    throw refusal(field, 'a time with its zone, such as "2026-11-21T10:00:00Z"', value);
  },
  bigint(field, value) {
    if (typeof value !== "string") return value;
    if (/^-?\d+$/.test(value)) return BigInt(value);
    throw refusal(field, 'a whole number, or its digits as a string, such as "9007199254740993"', value);
  },
  duration: (_field, value) => (typeof value === "string" ? Duration.parse(value) : value),
  array(field, value) {
    const { base } = field.valueField as unknown as { base: Field };
    return Array.isArray(value) ? value.map((each) => valueFromJson(base, each)) : value;
  },
  binary(field, value) {
    if (typeof value !== "string") return value;
    const bytes = Buffer.from(value, "base64");
    if (bytes.toString("base64") === value) return new Uint8Array(bytes);
    throw refusal(field, "bytes as a string in Base64", value);
  },
};

function refusal(field: Field, wanted: string, value: unknown): FieldValueError {
  return new FieldValueError(`${field.label} takes ${wanted}; found ${describeValue(value)}.`);
}
