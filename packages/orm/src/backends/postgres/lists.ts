import type { Lists, Storage } from "../base/operations.ts";
import { arrayText } from "./arrays.ts";

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

/** Lists of values, of whatever kinds have no lists of their own. */
export const postgresLists: Lists = {
  typeOf: ({ valueField }) => TYPES[valueField.storage],
  encode: arrayText,
};
