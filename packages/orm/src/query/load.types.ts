import type { ForeignKeyType, ManyToManyType, RelatedOneType, RelatedType } from "../fields/field.types.ts";
import type { InstanceOf, ShapeOf, Target } from "../models/model.types.ts";
import type { NoSuchField, RelationOf, RelationPath, ROW } from "./path.types.ts";

type NullIf<N> = N extends true ? null : never;
type Head<P> = P extends `${infer H}__${string}` ? H : P;
type Tail<P, H extends string> = P extends `${H}__${infer R}` ? R : never;
type Deep<C, T extends string> = [T] extends [never] ? InstanceOf<C> : InstanceOf<C> & Load<InstanceOf<C>, T>;

/** The relations P of model M, loaded, so that they read synchronously. */
export type Load<M, P extends string> = LoadOf<ShapeOf<M>, P>;
type LoadOf<S, P extends string> = {
  [H in Head<P> & keyof S & string]: S[H] extends ForeignKeyType<infer C, infer N, any>
    ? Deep<C, Tail<P, H>> | NullIf<N>
    : S[H] extends RelatedOneType<infer C, any>
      ? Deep<C, Tail<P, H>> | null
      : S[H] extends RelatedType<infer C, any> | ManyToManyType<infer C, any>
        ? LoadedRows<Deep<C, Tail<P, H>>>
        : never;
};

/** The rows of a relation that were loaded with the query: `for (const book of author.books)`. */
export interface LoadedRows<R> extends Iterable<R> {
  readonly length: number;
  at(index: number): R | undefined;
  map<U>(each: (row: R, index: number) => U): U[];
}

/** Which rows of a relation to load, and where to: `new Prefetch("books", Book.objects.published(), { toAttr: "recent" })`. */
export interface PrefetchType<P extends string, R = never, To extends string = never> {
  readonly path: P;
  readonly toAttr: To;
  readonly [ROW]: R;
}

type Fetched<S, T> =
  T extends PrefetchType<infer P, infer R, infer To>
    ? [To] extends [never]
      ? FetchedAt<S, P, R>
      : P extends `${infer H}__${infer Rest}`
        ? { [K in H & keyof S]: LoadedRows<Target<S[K]> & Fetched<ShapeOf<Target<S[K]>>, PrefetchType<Rest, R, To>>> }
        : { [K in To]: ([R] extends [never] ? Target<S[P & keyof S]> : R)[] }
    : never;
type FetchedAt<S, P extends string, R> = P extends `${infer H}__${infer Rest}`
  ? { [K in H & keyof S]: LoadedRows<Target<S[K]> & FetchedAt<ShapeOf<Target<S[K]>>, Rest, R>> }
  : {
      [K in P & keyof S]: S[K] extends ForeignKeyType<any, infer N, any>
        ? ([R] extends [never] ? Target<S[K]> : R) | NullIf<N>
        : S[K] extends RelatedOneType<any, any>
          ? ([R] extends [never] ? Target<S[K]> : R) | null
          : LoadedRows<[R] extends [never] ? Target<S[K]> : R>;
    };

type Both<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void ? I : never;

/** What prefetching T adds to the rows. */
export type Prefetched<S, T> = ([Extract<T, string>] extends [never] ? unknown : LoadOf<S, Extract<T, string>>) &
  ([Exclude<T, string>] extends [never] ? unknown : Both<Fetched<S, Exclude<T, string>>>);

/** T where it is a relation to prefetch, else what could have been meant. */
export type Prefetchable<M, T> = T extends string
  ? [RelationPath<M, T>] extends [never]
    ? RelationOf<M>
    : T
  : T extends PrefetchType<infer P, any, any>
    ? [RelationPath<M, P>] extends [never]
      ? NoSuchField<P>
      : T
    : never;
