import { CompositePrimaryKey } from "../fields/composite-key.ts";
import { fieldFrom } from "../fields/field-from.ts";
import { ManyToManyField } from "../fields/many-to-many.ts";
import type { OnDelete } from "../fields/relations.ts";
import type { FieldState } from "./state.ts";

/** Options of a column at one point of its history: those that the database, or rows written then, depend on. */
export interface HistoricOptions {
  readonly null?: boolean;
  readonly default?: unknown;
  readonly unique?: boolean;
  readonly primaryKey?: boolean;
  readonly dbIndex?: boolean;
  readonly dbColumn?: string;
  readonly [option: string]: unknown;
}

/** Options of a text at one point of its history. */
export interface HistoricTextOptions extends HistoricOptions {
  readonly maxLength?: number;
}

/** Options of a decimal at one point of its history. */
export interface HistoricDecimalOptions extends HistoricOptions {
  readonly maxDigits: number;
  readonly decimalPlaces: number;
}

/** Options of an array at one point of its history. */
export interface HistoricArrayOptions extends HistoricOptions {
  readonly size?: number;
}

/** Options of a date at one point of its history. */
export interface HistoricDateOptions extends HistoricOptions {
  readonly autoNow?: boolean;
  readonly autoNowAdd?: boolean;
}

/** Options of a generated column at one point of its history. */
export interface HistoricGeneratedOptions extends HistoricOptions {
  /** What it is computed by, as data. */
  readonly expression: object;
  readonly output: FieldState;
  readonly stored?: boolean;
}

/** Options of a relation at one point of its history. */
export interface HistoricRelationOptions extends HistoricOptions {
  readonly onDelete: OnDelete;
}

/** Options of a many-to-many relation at one point of its history. */
export interface HistoricManyToManyOptions {
  /** The model of the links, where it is not made automatically: `"blog.Membership"`. */
  readonly through?: string;
  readonly throughFields?: readonly [source: string, target: string];
  readonly symmetrical?: boolean;
  readonly dbTable?: string;
  readonly dbConstraint?: boolean;
}

function column<O extends object = HistoricOptions>(kind: string): (options?: O) => FieldState {
  return (options) => fieldFrom({ kind, options: options ?? {} }).deconstruct();
}

function relation(kind: string): (to: string, options: HistoricRelationOptions) => FieldState {
  return (to, options) => fieldFrom({ kind, to, options }).deconstruct();
}

const decimal: (options: HistoricDecimalOptions) => FieldState = column<HistoricDecimalOptions>("decimal");

/**
 * Fields as migrations write them. A relation names the other model, since the class may be gone by the time it is
 * read: `fields.foreignKey("blog.Author", { onDelete: "cascade" })`.
 */
export const fields = {
  auto: column("auto"),
  char: column<HistoricTextOptions>("char"),
  text: column<HistoricTextOptions>("text"),
  slug: column<HistoricTextOptions>("slug"),
  email: column<HistoricTextOptions>("email"),
  url: column<HistoricTextOptions>("url"),
  uuid: column("uuid"),
  ipAddress: column("ipAddress"),
  filePath: column<HistoricTextOptions>("filePath"),
  integer: column("integer"),
  smallInteger: column("smallInteger"),
  positiveInteger: column("positiveInteger"),
  positiveSmallInteger: column("positiveSmallInteger"),
  bigInteger: column("bigInteger"),
  positiveBigInteger: column("positiveBigInteger"),
  float: column("float"),
  boolean: column("boolean"),
  decimal,
  dateTime: column<HistoricDateOptions>("dateTime"),
  date: column<HistoricDateOptions>("date"),
  time: column<HistoricDateOptions>("time"),
  duration: column("duration"),
  binary: column<HistoricTextOptions>("binary"),
  json: column("json"),
  array: (base: FieldState, options: HistoricArrayOptions = {}): FieldState =>
    fieldFrom({ kind: "array", options: { ...options, base } }).deconstruct(),
  searchVector: column("searchVector"),
  generated: column<HistoricGeneratedOptions>("generated") as (options: HistoricGeneratedOptions) => FieldState,
  foreignKey: relation("foreignKey"),
  oneToOne: relation("oneToOne"),
  manyToMany: (to: string, options: HistoricManyToManyOptions = {}): FieldState =>
    new ManyToManyField(to, { ...options }).deconstruct(),
  compositePrimaryKey: (...names: string[]): FieldState => new CompositePrimaryKey(...names).deconstruct(),
};
