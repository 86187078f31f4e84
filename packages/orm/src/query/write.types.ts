import type { Computed, ExpressionFor } from "../expressions/expression.types.ts";
import type { FieldType, ForeignKeyType } from "../fields/field.types.ts";
import type { RequiredNames, Settable } from "../models/model.types.ts";
import type { NoSuchField } from "./path.types.ts";

/** The names that rows can be made with, for completion. */
export type CreateNames<S> = {
  [K in keyof S]: S[K] extends FieldType<any, any, infer Kind, any, any>
    ? Kind extends "attr"
      ? never
      : K
    : S[K] extends ForeignKeyType<any, any, any>
      ? K
      : never;
}[keyof S];

/** What `update` takes: values and expressions, each checked. */
export type UpdateInput<S, A, V> = {
  [K in keyof V]: K extends keyof S
    ? V[K] extends Computed
      ? ExpressionFor<S, A, V[K], Settable<S[K]>, K>
      : Settable<S[K]>
    : NoSuchField<K>;
};

/** What the defaults D of `getOrCreate` and `updateOrCreate` may be. */
export type DefaultValues<S, D> = {
  [K in keyof D]: K extends keyof S
    ? D[K] extends Computed
      ? ExpressionFor<S, {}, D[K], Settable<S[K]>, K>
      : OrMade<Settable<S[K]>>
    : NoSuchField<K>;
};
/** A value, or a function that is called for it where one is needed. */
type OrMade<V> = V | (() => V);

/** What `create` needs and the lookups W do not give. */
type Missing<S, W, Via> = Exclude<RequiredNames<S>, keyof W | Via>;
type Rest<S, W, Via> = { [K in Missing<S, W, Via> & keyof S]: OrMade<Settable<S[K]>> };

/** The options of `getOrCreate`: required where the lookups do not say all that a new row needs. */
export type GetOrCreateOptions<S, W, Via, D> = [Missing<S, W, Via>] extends [never]
  ? [options?: { readonly defaults?: D & DefaultValues<S, D> }]
  : [options: { readonly defaults: D & DefaultValues<S, D> & Rest<S, W, Via> }];

/** The options of `updateOrCreate`: with `createDefaults`, it is those that make a new row whole. */
export type UpdateOrCreateOptions<S, W, Via, D, C> = [Missing<S, W, Via>] extends [never]
  ? [options?: { readonly defaults?: D & DefaultValues<S, D>; readonly createDefaults?: C & DefaultValues<S, C> }]
  : [
      options:
        | { readonly defaults: D & DefaultValues<S, D> & Rest<S, W, Via>; readonly createDefaults?: undefined }
        | {
            readonly defaults?: D & DefaultValues<S, D>;
            readonly createDefaults: C & DefaultValues<S, C> & Rest<S, W, Via>;
          },
    ];

/** The options of `bulkCreate`. */
export interface BulkCreateOptions<N extends string> {
  /** The most rows of one statement. Default: as many as the database takes, at most 2,000. */
  readonly batchSize?: number;
  /** Leaves out rows that the database would refuse as not unique. */
  readonly ignoreConflicts?: boolean;
  /** Updates the rows that are there already. */
  readonly updateConflicts?: boolean;
  /** The fields that `updateConflicts` sets. */
  readonly updateFields?: readonly N[];
  /** The unique fields by which a row is there already. */
  readonly uniqueFields?: readonly N[];
}
