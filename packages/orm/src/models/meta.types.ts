import type { Checked, Condition } from "../query/condition.types.ts";
import type { OrderHint } from "../query/path.types.ts";
import type { ShapeOf } from "./model.types.ts";

type Dashed<P extends string> = P | `-${P}`;
type OwnNames<S> = Exclude<keyof S & string, "pk">;

/** What a model says of its table. Source: https://docs.djangoproject.com/en/5.2/ref/models/options/ */
export interface Meta<M> {
  /** The table's name. Default: the app's label and the model's name, `blog_book`. */
  readonly dbTable?: string;
  /** The order where a query names none; a leading `-` means descending. */
  readonly ordering?: readonly OrderHint<ShapeOf<M>>[];
  readonly indexes?: readonly (
    | readonly Dashed<OwnNames<ShapeOf<M>>>[]
    | {
        readonly fields: readonly Dashed<OwnNames<ShapeOf<M>>>[];
        readonly name?: string;
        readonly where?: Condition<M>;
      }
  )[];
  readonly constraints?: readonly (
    | { readonly unique: readonly OwnNames<ShapeOf<M>>[]; readonly name: string; readonly where?: Condition<M> }
    | { readonly check: Condition<M>; readonly name: string }
  )[];
  readonly verboseName?: string;
  /** False: migrations leave its table alone. */
  readonly managed?: boolean;
}

/** Makes a condition on the model's own rows. */
export type MakeCondition<M> = <const W extends Checked<ShapeOf<M>, {}, W>>(condition: W) => Condition<M>;
