import type { IndexMethod } from "../backends/base/schema-editor.ts";
import type { AnyExpression, Ordering } from "../expressions/expression.types.ts";
import type { Checked, Condition } from "../query/condition.types.ts";
import type { OrderOf } from "../query/path.types.ts";
import type { ShapeOf } from "./model.types.ts";

type Dashed<P extends string> = P | `-${P}`;
type OwnNames<S> = Exclude<keyof S & string, "pk">;

/** What a model says of its table. Source: https://docs.djangoproject.com/en/5.2/ref/models/options/ */
export interface Meta<M> {
  /** The table's name. Default: the app's label and the model's name, `blog_book`. */
  readonly dbTable?: string;
  /** A comment on the table; PostgreSQL keeps it. */
  readonly dbTableComment?: string;
  /** The order where a query names none: paths, descending with a leading `-`, or `F("published").desc({ nulls: "last" })`. */
  readonly ordering?: readonly (OrderOf<M> | AnyExpression | Ordering<AnyExpression>)[];
  readonly indexes?: readonly (
    | readonly Dashed<OwnNames<ShapeOf<M>>>[]
    | {
        readonly fields: readonly Dashed<OwnNames<ShapeOf<M>>>[];
        readonly name?: string;
        readonly where?: Condition<M>;
        /** How PostgreSQL builds it: `"gin"` for arrays, JSON and full text. SQLite builds it as any other. */
        readonly using?: IndexMethod;
        /** What compares the fields' values in it, in their order: `["gin_trgm_ops"]`. PostgreSQL only. */
        readonly opclasses?: readonly string[];
      }
  )[];
  readonly constraints?: readonly (
    | { readonly unique: readonly OwnNames<ShapeOf<M>>[]; readonly name: string; readonly where?: Condition<M> }
    | { readonly check: Condition<M>; readonly name: string }
  )[];
  /** What `latest()` and `earliest()` order by. */
  readonly getLatestBy?: Dashed<OwnNames<ShapeOf<M>>> | readonly Dashed<OwnNames<ShapeOf<M>>>[];
  /** What one row is called. Default: the model's name in words, `blog post`. */
  readonly verboseName?: string;
  /** What several rows are called. Default: `verboseName` with an `s`. */
  readonly verboseNamePlural?: string;
  /** False: migrations leave its table alone. */
  readonly managed?: boolean;
}

/** Makes a condition on the model's own rows. */
export type MakeCondition<M> = <const W extends Checked<M, {}, W>>(condition: W) => Condition<M>;
