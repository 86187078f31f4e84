import { FieldValueError, IntegrityError, NotSupportedError } from "../../exceptions.ts";
import { Duration } from "../../fields/duration.ts";
import type { Field } from "../../fields/field.ts";
import { bytesOf } from "../base/bytes.ts";
import { dateOf } from "../base/moment.ts";
import type { Operations, Storage } from "../base/operations.ts";
import { fromScaled, toScaled } from "./scaled-decimal.ts";

const TYPES = {
  text: "text",
  integer: "integer",
  bigint: "integer",
  real: "real",
  boolean: "integer",
  decimal: "integer",
  dateTime: "text",
  date: "text",
  time: "text",
  duration: "integer",
  json: "text",
  uuid: "text",
  binary: "blob",
} as const satisfies Partial<Record<Storage, string>>;

/** SQLite has four storage classes; what is more than that stands in the text or number itself. */
export const sqliteOperations: Operations = {
  asItIs: new Set(["text", "bigint", "date", "time", "uuid"]),

  columnType(field) {
    const { valueField } = field;
    const length = (valueField as { maxLength?: number }).maxLength;
    if (valueField.storage === "text" && length !== undefined) return `varchar(${length})`;
    const type = (TYPES as Partial<Record<Storage, string>>)[valueField.storage];
    if (type !== undefined) return type;
    throw new NotSupportedError(
      `${field.label} is of the kind ${valueField.kind}, which PostgreSQL alone has: SQLite has no column for it.`,
    );
  },

  lists: undefined,

  encode(field, value) {
    switch (field.storage) {
      case "boolean":
        return value === true ? 1 : 0;
      case "dateTime":
        return dateTimeText(value as Date);
      case "decimal":
        return toScaled(value as string, (field as unknown as { decimalPlaces: number }).decimalPlaces);
      case "integer":
        // A bare number is bound as a float, which large keys do not survive.
        return BigInt(value as number);
      case "duration":
        return (value as Duration).toMicroseconds();
      case "binary":
        return bytesOf(value as Uint8Array);
      default:
        return value;
    }
  },

  decode(field, value) {
    switch (field.storage) {
      case "boolean":
        return Number(value) !== 0;
      case "dateTime":
        return dateOf(field, String(value));
      case "decimal":
        return fromScaled(BigInt(value as bigint), (field as unknown as { decimalPlaces: number }).decimalPlaces);
      case "integer":
        return safeNumber(field, value as bigint);
      case "real":
        return Number(value);
      case "duration":
        return Duration.fromMicroseconds(wholeMicroseconds(value as bigint | number));
      case "binary":
        return Uint8Array.from(value as Uint8Array);
      case "json":
        return JSON.parse(value as string);
      default:
        return value;
    }
  },

  literal(value) {
    if (value === null || value === undefined) return "NULL";
    if (typeof value === "number" || typeof value === "bigint") return String(value);
    if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString("hex")}'`;
    return `'${String(value).replaceAll("'", "''")}'`;
  },

  // AUTOINCREMENT keeps the greatest number of all.
  numberBeyond: () => undefined,

  async checkReferences(connection) {
    const { rows } = await connection.execute("PRAGMA foreign_key_check");
    if (rows.length === 0) return;
    const shown = rows.slice(0, 3).map(([table, row, parent]) => `row ${row} of ${table} to one of ${parent}`);
    throw new IntegrityError(
      `Rows refer to rows that do not exist: ${shown.join(", ")}${rows.length > 3 ? " …" : ""}.`,
    );
  },
};

/** `2026-11-21 07:03:12.345000`: UTC, of one length, so that the order of texts is that of time. */
function dateTimeText(date: Date): string {
  const iso = date.toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}000`;
}

function safeNumber(field: Field, value: bigint | number): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new FieldValueError(
    `${field.label} is ${value} in the database, more than a JavaScript number holds exactly. Make it a bigInteger.`,
  );
}

/** A mean of microseconds is no whole number; halves go to the even one, as in PostgreSQL. */
function wholeMicroseconds(value: bigint | number): bigint {
  if (typeof value === "bigint") return value;
  const floor = Math.floor(value);
  return BigInt(value - floor === 0.5 ? floor + Math.abs(floor % 2) : Math.round(value));
}
