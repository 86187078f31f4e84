import { FieldValueError } from "../../exceptions.ts";
import { Duration } from "../../fields/duration.ts";
import type { Field } from "../../fields/field.ts";
import { bytesOf } from "../base/bytes.ts";
import { dateOf } from "../base/moment.ts";
import type { Operations } from "../base/operations.ts";
import { quoteName } from "../base/schema-editor.ts";
import { arrayOf, arrayText } from "./arrays.ts";
import { postgresLists } from "./lists.ts";

/** The types of columns, where nothing of the field changes them. */
export const TYPES = {
  text: "text",
  integer: "integer",
  bigint: "bigint",
  real: "double precision",
  boolean: "boolean",
  decimal: "numeric",
  dateTime: "timestamp with time zone",
  date: "date",
  time: "time without time zone",
  duration: "interval",
  json: "jsonb",
  uuid: "uuid",
  binary: "bytea",
  array: "text[]",
  searchVector: "tsvector",
  searchQuery: "tsquery",
} as const;

/** Texts compare byte by byte, as in SQLite and in JavaScript's own order of code points. */
export const BINARY = ' COLLATE "C"';

/** PostgreSQL has a type of its own for every kind of field. */
export const postgresOperations: Operations = {
  asItIs: new Set(["text", "real", "boolean", "decimal", "date", "time", "uuid", "searchVector", "searchQuery"]),

  columnType(field) {
    const { valueField } = field;
    const { maxLength, bytes, maxDigits, decimalPlaces } = valueField as unknown as Record<string, number | undefined>;
    switch (valueField.storage) {
      case "text":
        return (maxLength === undefined ? "text" : `varchar(${maxLength})`) + BINARY;
      case "integer":
        return bytes === 2 ? "smallint" : bytes === 8 ? "bigint" : "integer";
      case "decimal":
        return `numeric(${maxDigits}, ${decimalPlaces})`;
      case "array": {
        const { base } = valueField as unknown as { base: Field };
        const [type = "", order] = this.columnType(base).split(BINARY);
        return `${type}[]${order === undefined ? "" : BINARY}`;
      }
      default:
        return TYPES[valueField.storage];
    }
  },

  lists: postgresLists,

  encode(field, value) {
    switch (field.storage) {
      case "dateTime":
        return (value as Date).toISOString();
      case "bigint":
        return String(value);
      case "duration":
        return intervalText(value as Duration);
      case "binary":
        return bytesOf(value as Uint8Array);
      case "array":
        return arrayText(value as readonly unknown[]);
      default:
        return value;
    }
  },

  decode(field, value) {
    switch (field.storage) {
      case "integer": {
        const number = Number(value);
        if (Number.isSafeInteger(number)) return number;
        throw new FieldValueError(
          `${field.label} is ${value} in the database, more than a JavaScript number holds exactly. Make it a bigInteger.`,
        );
      }
      case "bigint":
        return BigInt(value as string);
      case "json":
        return JSON.parse(value as string);
      case "dateTime":
        return dateOf(field, value as string);
      case "duration":
        return Duration.parse(value as string);
      case "binary":
        return Uint8Array.from(Buffer.from((value as string).slice(2), "hex"));
      case "array":
        return arrayOf(field, value as string);
      default:
        return value;
    }
  },

  literal(value) {
    if (value === null || value === undefined) return "NULL";
    if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
    if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString("hex")}'`;
    return `'${String(value).replaceAll("'", "''")}'`;
  },

  numberBeyond(table, column) {
    const [from, key] = [quoteName(table), quoteName(column)];
    const sequence = `pg_get_serial_sequence(${this.literal(from)}, ${this.literal(column)})`;
    return `SELECT setval(${sequence}, greatest(max(${key}), 1)) FROM ${from}`;
  },

  async checkReferences(connection) {
    await connection.execute("SET CONSTRAINTS ALL IMMEDIATE");
    await connection.execute("SET CONSTRAINTS ALL DEFERRED");
  },
};

function intervalText({ days, seconds, microseconds }: Duration): string {
  return `P${days}DT${seconds}.${String(microseconds).padStart(6, "0")}S`;
}
