import { ConditionBuilder, conditionOf } from "../expressions/condition.ts";
import type { QType } from "../query/condition.types.ts";
import { Manager } from "../query/manager.ts";
import type { ManagerOf } from "../query/manager.types.ts";
import type { QuerySet } from "../query/query-set.types.ts";
import { abstractClass, modelClass, type ShapeInput } from "./class-factory.ts";
import type { MakeCondition, Meta } from "./meta.types.ts";
import type { ModelFactory } from "./model.types.ts";

type Class = new (...args: never[]) => object;

function build() {
  return Object.assign((shape: ShapeInput) => modelClass(shape), {
    extends:
      (...bases: Class[]) =>
      (shape: ShapeInput) =>
        modelClass(shape, bases),
  });
}

/**
 * Makes the class that a model extends: `class Book extends Model<Book>()({ title: fields.char() }) {}`. The type
 * argument is the class itself. Source: https://docs.djangoproject.com/en/5.2/topics/db/models/
 */
export const Model: ModelFactory = Object.assign(build, { abstract: abstractClass }) as unknown as ModelFactory;

/**
 * A manager with query methods of its own, which chain everywhere:
 * `static override objects = manager<Book>()({ published() { return this.filter({ published__isnull: false }); } })`.
 */
export function manager<M>(): <X extends object>(queries: X & ThisType<QuerySet<M, M, {}, X>>) => ManagerOf<M, X> {
  return <X extends object>(queries: X) => new Manager(queries) as unknown as ManagerOf<M, X>;
}

/**
 * What a model says of its table, with conditions on its own fields:
 * `static override meta = meta<Book>((q) => ({ constraints: [{ check: q({ pages__gte: 0 }), name: "pages_positive" }] }))`.
 */
export function meta<M>(given: Meta<M> | ((q: MakeCondition<M>) => Meta<M>)): Meta<M> {
  return typeof given === "function" ? given(Q as unknown as MakeCondition<M>) : given;
}

/**
 * A condition that can be combined: `Q({ title: "" }).or({ pages__gt: 3 }).not()`.
 * Source: https://docs.djangoproject.com/en/5.2/topics/db/queries/#complex-lookups-with-q-objects
 */
export function Q<const W extends object>(condition: W | QType<W>): QType<W> {
  return new ConditionBuilder(conditionOf(condition)) as unknown as QType<W>;
}
