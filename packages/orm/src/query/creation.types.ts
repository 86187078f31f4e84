import type { CreateInput, ShapeOf } from "../models/model.types.ts";
import type { Checked, OwnKeys } from "./condition.types.ts";
import type { BulkCreateOptions, CreateNames, GetOrCreateOptions, UpdateOrCreateOptions } from "./write.types.ts";

/** The making of rows of M; Via: the relation that a related manager sets itself. */
export interface Creation<M, Via = never> {
  /** Makes a row. */
  create(values: CreateInput<M, Via>): Promise<M>;
  /** Makes rows with as few statements as there can be. */
  bulkCreate(
    rows: readonly CreateInput<M, Via>[],
    options?: BulkCreateOptions<CreateNames<ShapeOf<M>> & string>,
  ): Promise<M[]>;
  /** Writes these fields of the rows with as few statements as there can be; gives how many rows there were. */
  bulkUpdate(
    rows: readonly M[],
    fields: readonly (CreateNames<ShapeOf<M>> & string)[],
    options?: { readonly batchSize?: number },
  ): Promise<number>;
  /** The row that meets the lookups, or a new one made of them and the defaults; and whether it is new. */
  getOrCreate<const W extends Checked<M, {}, W>, const D extends object = {}>(
    where: W & OwnKeys<M>,
    ...options: GetOrCreateOptions<ShapeOf<M>, W, Via, D>
  ): Promise<[M, boolean]>;
  /** The row that meets the lookups, with the defaults set, or a new one; and whether it is new. */
  updateOrCreate<const W extends Checked<M, {}, W>, const D extends object = {}, const C extends object = {}>(
    where: W & OwnKeys<M>,
    ...options: UpdateOrCreateOptions<ShapeOf<M>, W, Via, D, C>
  ): Promise<[M, boolean]>;
}
