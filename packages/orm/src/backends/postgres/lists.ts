import type { Lists, Storage } from "../base/operations.ts";

/** Whole numbers of all sizes are sent as the widest, and fitted to the column as it is written. */
const TYPES: Partial<Record<Storage, string>> = {
  text: "text[]",
  integer: "bigint[]",
  bigint: "bigint[]",
  real: "double precision[]",
  boolean: "boolean[]",
  decimal: "numeric[]",
  dateTime: "timestamp with time zone[]",
  date: "date[]",
  time: "time without time zone[]",
  duration: "interval[]",
  json: "jsonb[]",
  uuid: "uuid[]",
  binary: "bytea[]",
};

const NEEDS_ESCAPES = /["\\]/;

/** Lists as PostgreSQL reads them. Source: https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO */
export const postgresLists: Lists = {
  typeOf: ({ valueField }) => TYPES[valueField.storage],

  encode(values) {
    let text = "{";
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (index > 0) text += ",";
      if (value === null) text += "NULL";
      else if (typeof value === "string") text += quoted(value);
      else if (Buffer.isBuffer(value)) text += `"\\\\x${value.toString("hex")}"`;
      else text += String(value);
    }
    return `${text}}`;
  },
};

function quoted(value: string): string {
  if (!NEEDS_ESCAPES.test(value)) return `"${value}"`;
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
