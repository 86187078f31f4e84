import type { ColumnType } from "kysely";
import type { AnyField, FieldType, ForeignKeyType } from "../fields/field.types.ts";
import type { InstanceOf, ShapeOf } from "../models/model.types.ts";

/** The columns of a model's shape: what they give, what an insert takes, what an update takes. */
type Columns<S> = {
  [K in keyof S as K extends "pk" ? never : S[K] extends AnyField ? K : never]: S[K] extends FieldType<
    infer V,
    infer Optional,
    any,
    any,
    any
  >
    ? ColumnOf<V, OptionalKey<S, K, Optional>>
    : never;
};

/** Whether a row can be made without the column K: a relation says it of its key. */
type OptionalKey<S, K, Optional> = K extends `${infer H}Id`
  ? H extends keyof S
    ? S[H] extends ForeignKeyType<any, any, any, infer O>
      ? O
      : Optional
    : Optional
  : Optional;
/** A column; a generated one, which is neither required nor optional, is never written. */
type ColumnOf<V, Optional> = boolean extends Optional
  ? ColumnType<V, never, never>
  : ColumnType<V, Optional extends true ? V | undefined : V, V>;

/** The tables that Kysely knows of: the models, by the names that they are given. */
export type KyselyTables<T> = { [K in keyof T & string]: Columns<ShapeOf<InstanceOf<T[K]>>> };
