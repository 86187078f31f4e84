import type { AnyModel, InstanceOf } from "../models/model.types.ts";
import type { Checked, OwnKeys } from "../query/condition.types.ts";
import type { QueryMethods } from "../query/query-set.types.ts";

/** `getObjectOr404` with its conditions checked by the model: fields, lookups and values. */
export interface GetObjectOr404 {
  <C extends AnyModel, const W extends Checked<InstanceOf<C>, {}, W>>(
    source: C,
    condition: W & OwnKeys<InstanceOf<C>>,
  ): Promise<InstanceOf<C>>;
  <M, R, A, X, const W extends Checked<M, A, W>>(
    source: QueryMethods<M, R, A, X>,
    condition: W & OwnKeys<M>,
  ): Promise<R>;
}

/** `getListOr404` with its conditions checked by the model. */
export interface GetListOr404 {
  <C extends AnyModel, const W extends Checked<InstanceOf<C>, {}, W>>(
    source: C,
    condition: W & OwnKeys<InstanceOf<C>>,
  ): Promise<InstanceOf<C>[]>;
  <M, R, A, X, const W extends Checked<M, A, W>>(
    source: QueryMethods<M, R, A, X>,
    condition: W & OwnKeys<M>,
  ): Promise<R[]>;
}
