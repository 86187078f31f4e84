import type { ColumnType } from "kysely";
import type { AnyField, FieldType } from "../fields/field.types.ts";
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
    ? ColumnType<V, Optional extends true ? V | undefined : V, V>
    : never;
};

/** The tables that Kysely knows of: the models, by the names that they are given. */
export type KyselyTables<T> = { [K in keyof T & string]: Columns<ShapeOf<InstanceOf<T[K]>>> };
