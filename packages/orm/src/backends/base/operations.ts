import type { Field } from "../../fields/field.ts";
import type { Connection } from "./connection.ts";

/** How a value is kept; databases differ in what they make of each. */
export type Storage =
  | "text"
  | "integer"
  | "bigint"
  | "real"
  | "boolean"
  | "decimal"
  | "dateTime"
  | "date"
  | "time"
  | "duration"
  | "json"
  | "uuid"
  | "binary"
  /** A list of values of one kind; PostgreSQL only, as the two below. */
  | "array"
  | "searchVector"
  | "searchQuery";

/** How a database takes a list of values as one parameter. */
export interface Lists {
  /** The type of a list of the field's values; undefined for kinds that cannot be in one. */
  typeOf(field: Field): string | undefined;
  /** A list of encoded values: texts, numbers, booleans, buffers, null. */
  encode(values: readonly unknown[]): unknown;
}

/** The SQL that differs between databases. */
export interface Operations {
  /** The column's type, as it stands in `CREATE TABLE`: `varchar(200)`. A relation has its target key's. */
  columnType(field: Field): string;
  /** Lists of values as parameters, which `unnest` makes rows of; undefined where the database has no such thing. */
  readonly lists: Lists | undefined;
  /** The kinds whose values come from the driver as the program has them. */
  readonly asItIs: ReadonlySet<Storage>;
  /** Field value → driver value; the value is of the field's own type and not null. */
  encode(field: Field, value: unknown): unknown;
  /** Driver value → field value; not null. */
  decode(field: Field, value: unknown): unknown;
  /** A text literal or number as DDL takes it, for defaults and checks. */
  literal(value: unknown): string;
  /** The statement after which new rows get numbers beyond those that were given; undefined where they do by themselves. */
  numberBeyond(table: string, column: string): string | undefined;
  /** Looks, before the end of a transaction, for rows that refer to none. Throws `IntegrityError` where there are any. */
  checkReferences(connection: Connection): Promise<void>;
}
