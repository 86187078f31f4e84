import type { MultipleObjectsReturned, ObjectDoesNotExist } from "@tsjango/kernel/exceptions";
import type { ObjectNotUpdated } from "../exceptions.ts";
import type {
  CompositeKeyType,
  FieldType,
  ForeignKeyType,
  ManyToManyType,
  RelatedOneType,
  RelatedType,
} from "../fields/field.types.ts";
import type { Deleted } from "../query/deletion.ts";
import type { ManagerType, ManyManagerOf, RelatedManagerOf } from "../query/manager.types.ts";

/** Carries a model's fields and relations in its instances' type; no value has it. */
export declare const SHAPE: unique symbol;
/** Carries an abstract model's fields; another key than a model's, as heirs may have another primary key. */
export declare const BASE: unique symbol;

/** The instances of a model class. */
export type InstanceOf<C> = C extends abstract new (
  ...args: any
) => infer I
  ? I
  : C extends UserRef
    ? InstanceOf<UserModel>
    : never;

/** An unloaded relation: await it. Nothing else is readable. */
export interface Lazy<M> extends PromiseLike<M> {}

/** A relation that may or may not be loaded: `await` it, or assign to it. */
export type Related<M> = M | Lazy<M>;

/** The primary key's type. */
export type PkOf<M> = M extends { readonly pk: infer P } ? P : never;

/** The fields and relations that a model's paths may name. */
export type ShapeOf<M> = M extends { readonly [SHAPE]: infer S } ? S : never;

/** The instances that a relation leads to. */
export type Target<F> = F extends { readonly to: infer C } ? InstanceOf<C> : never;

/** What `{ fields }` may be: fields, and thunks of relations. Any looser type of thunk breaks models that refer to each other. */
export type ShapeInput = Record<string, object>;

type NullIf<N> = N extends true ? null : never;
type Unthunk<S> = { [K in keyof S]: S[K] extends () => infer R ? R : S[K] };

/** The other side of a many-to-many relation of C, or of a foreign key. */
type OtherSideOf<C, V> =
  FieldNamed<C, V> extends ManyToManyType<any, infer T> ? ManyManagerOf<C, T> : RelatedManagerOf<C, V>;
type FieldNamed<C, V> = C extends { readonly fields: infer S }
  ? V extends keyof S
    ? S[V] extends () => infer R
      ? R
      : never
    : never
  : never;

type ValueOf<F> =
  F extends FieldType<infer V, any, any, any, any>
    ? V
    : F extends ForeignKeyType<infer C, infer N, any>
      ? Related<InstanceOf<C> | NullIf<N>>
      : F extends RelatedOneType<infer C, any>
        ? Related<InstanceOf<C> | null>
        : F extends RelatedType<infer C, infer V>
          ? OtherSideOf<C, V>
          : F extends ManyToManyType<infer C, infer T>
            ? ManyManagerOf<C, T>
            : never;

/** U, here and below: a shape whose thunks are resolved. */
type PkName<U> = {
  [K in keyof U]: U[K] extends FieldType<any, any, any, true, any> | ForeignKeyType<any, any, true> ? K : never;
}[keyof U];

type PkValue<U> = U extends { pk: CompositeKeyType<infer N> }
  ? { readonly [I in keyof N]: AttributeValue<U, N[I]> }
  : [PkName<U>] extends [never]
    ? number
    : U[PkName<U>] extends ForeignKeyType<infer C, any, any>
      ? PkOf<InstanceOf<C>>
      : ValueOf<U[PkName<U>]>;

type AttributeValue<U, N> = N extends keyof U ? ValueOf<U[N]> : IdValue<U, N>;

type IdNames<U> = { [K in keyof U]: U[K] extends ForeignKeyType<any, any, any> ? `${K & string}Id` : never }[keyof U];
type AutoName<U> = U extends { pk: CompositeKeyType<any> } ? never : [PkName<U>] extends [never] ? "id" : never;

type IdValue<U, K> = K extends `${infer H}Id`
  ? H extends keyof U
    ? U[H] extends ForeignKeyType<infer C, infer N, any>
      ? PkOf<InstanceOf<C>> | NullIf<N>
      : never
    : never
  : never;

type Full<S> = FullOf<Unthunk<S>>;
type FullOf<U> = {
  [K in keyof U | IdNames<U> | AutoName<U> | "pk"]: K extends "pk"
    ? FieldType<PkValue<U>, true, "attr">
    : K extends keyof U
      ? U[K]
      : K extends "id"
        ? FieldType<number, true, "number", true>
        : FieldType<IdValue<U, K>, true, "attr">;
};

type Extras<U> = { [K in IdNames<U> | AutoName<U>]: K extends "id" ? number : IdValue<U, K> };
type Rows<U> = { -readonly [K in keyof U]: U[K] extends CompositeKeyType<any> ? PkValue<U> : ValueOf<U[K]> };

type Displays<S> = {
  [K in keyof S as S[K] extends FieldType<any, any, any, any, infer L>
    ? [L] extends [never]
      ? never
      : `get${Capitalize<K & string>}Display`
    : never]: () => S[K] extends FieldType<infer V, any, any, any, infer L> ? L | Extract<V, null> : never;
};

/** How a row is written; N: the names of its fields. A model's own `save` takes and passes it on. */
export interface SaveOptions<N extends string> {
  /** Only these fields are written; the row must exist. */
  readonly updateFields?: readonly N[];
  /** The row must not exist yet. */
  readonly forceInsert?: boolean;
  /** The row must exist; throws the model's `NotUpdated` where it does not. */
  readonly forceUpdate?: boolean;
  /** The alias of the database. Default: where the row came from. */
  readonly using?: string;
}

/** What every instance can do. */
export interface ModelMethods<U> {
  /** The primary key's value, whatever its field is called. */
  readonly pk: PkValue<U>;
  /** Whether the other one is the same row of the same table; without a key only itself. */
  equals(other: unknown): boolean;
  /** Writes the row: a new one, or its own. */
  save(options?: SaveOptions<keyof U & string>): Promise<void>;
  /** Deletes the row, and what `onDelete` says; gives how many rows went. */
  delete(options?: { readonly using?: string; readonly perModel?: false }): Promise<number>;
  /** Deletes the row; gives the numbers by model, too. */
  delete(options: { readonly using?: string; readonly perModel: true }): Promise<Deleted>;
  /** Reads the row again, or only these fields; loaded relations are forgotten. Throws `DoesNotExist` where it is gone. */
  refreshFromDb(options?: { readonly fields?: readonly (keyof U & string)[]; readonly using?: string }): Promise<void>;
  /** Checks fields, `clean()`, unique fields and constraints; throws `ValidationError` with all that is wrong. */
  fullClean(options?: {
    readonly exclude?: readonly string[];
    readonly validateUnique?: boolean;
    readonly validateConstraints?: boolean;
  }): Promise<void>;
  /** The part of `fullClean` that checks each field's value. */
  cleanFields(options?: { readonly exclude?: readonly string[] }): Promise<void>;
  /** The part of `fullClean` that a model writes for itself: `override clean() { … }`. */
  clean(): Promise<void> | void;
  /** The part of `fullClean` that looks for other rows with the same unique values. */
  validateUnique(options?: { readonly exclude?: readonly string[] }): Promise<void>;
  /** The part of `fullClean` that tries the constraints of `meta`. */
  validateConstraints(options?: { readonly exclude?: readonly string[] }): Promise<void>;
}

/** What an abstract model adds to its heirs: values, without identity. */
export type AbstractInstance<S> = { readonly [BASE]: S } & Rows<Unthunk<S>> & Displays<S>;

/** An instance of a model of shape S. */
export type Instance<S> = { readonly [SHAPE]: Full<S> } & ModelMethods<Unthunk<S>> &
  Rows<Unthunk<S>> &
  Extras<Unthunk<S>> &
  Displays<S>;

type SettableValue<F> =
  F extends FieldType<infer V, any, any, any, any>
    ? V
    : F extends ForeignKeyType<infer C, infer N, any>
      ? InstanceOf<C> | PkOf<InstanceOf<C>> | NullIf<N>
      : never;

/** What a field or relation can be set to. */
export type Settable<F> = SettableValue<F>;

/** The names that `create` must be given. */
export type RequiredNames<S> = {
  [K in keyof S]: S[K] extends FieldType<any, false, any, any, any> | ForeignKeyType<any, any, any, false> ? K : never;
}[keyof S];

/** The names that `create` may be given. */
export type OptionalNames<S> = {
  [K in keyof S]: S[K] extends FieldType<any, true, infer Kind, any, any>
    ? Kind extends "attr"
      ? never
      : K
    : S[K] extends ForeignKeyType<any, any, any, true>
      ? K
      : never;
}[keyof S];

/** The values that `create` takes; of a related manager without the relation that it sets. */
export type CreateInput<M, Via = never> = {
  [K in Exclude<RequiredNames<ShapeOf<M>>, Via>]: Settable<ShapeOf<M>[K]>;
} & {
  [K in Exclude<OptionalNames<ShapeOf<M>>, Via>]?: Settable<ShapeOf<M>[K]>;
};
/**
 * What `new Book({ … })` takes: any of the values; the rest can be set before saving. Keys are not chosen by their
 * types here: that would ask for the class while it is being made.
 */
export type ConstructorInput<S> = ConstructorValues<Unthunk<S>>;
type ConstructorValues<U> = { [K in keyof U | "id"]?: K extends keyof U ? Settable<U[K]> : number };

/** What a model class has beside its instances. */
export interface ModelStatics<Self, S> {
  readonly objects: ManagerType<Self>;
  readonly fields: S;
  readonly meta: object;
  /** Thrown by `get` where no row matches. */
  readonly DoesNotExist: new (
    message?: string,
  ) => ObjectDoesNotExist;
  /** Thrown by `get` where several rows match. */
  readonly MultipleObjectsReturned: new (
    message?: string,
  ) => MultipleObjectsReturned;
  /** Thrown by `save` where the row that it should write is gone. */
  readonly NotUpdated: new (
    message?: string,
  ) => ObjectNotUpdated;
}

/** A model class without abstract bases. */
export interface ModelClass<Self, S> extends ModelStatics<Self, S> {
  new (values?: ConstructorInput<S>): Instance<S>;
}

type MergeBases<B> = B extends readonly [infer H, ...infer T]
  ? (InstanceOf<H> extends { readonly [BASE]: infer S } ? S : {}) & MergeBases<T>
  : {};
type BaseMembers<B> = B extends readonly [infer H, ...infer T] ? InstanceOf<H> & BaseMembers<T> : {};

/** A model class with abstract bases B. */
export interface ModelClassWith<Self, S, B extends readonly unknown[]> extends ModelStatics<Self, MergeBases<B> & S> {
  new (values?: ConstructorInput<MergeBases<B> & S>): Instance<MergeBases<B> & S> & BaseMembers<B>;
}

/** An abstract model class. */
export interface AbstractModel<S> {
  new (): AbstractInstance<S> & { save(): Promise<void> };
  readonly fields: S;
}

/** Any abstract model class. */
export interface AnyAbstract {
  new (): { readonly [BASE]: unknown };
}

/** The manager of any model; only in functions that work with all of them: what they ask of it is not checked. */
export interface AnyManager {
  all(): any;
  filter(...conditions: any): any;
  get(...conditions: any): any;
  create(values: any): any;
}

/** Any model class, for functions that work with all of them. */
export interface AnyModel {
  new (): { readonly [SHAPE]: unknown; readonly pk: unknown };
  readonly objects: AnyManager;
  readonly fields: object;
}

/** What the project registers: `declare module "tsjango/db" { interface Register { user: typeof User } }`. */
export interface Register {}

/** The project's user model, as registered; of one that is not known only the key is. */
export type UserModel = Register extends { user: infer U } ? U : ModelClass<Instance<{}>, {}>;

/** Carries the name of a model that the project chooses; no value has it. */
export declare const SWAPPED: unique symbol;

/** Stands for the project's user model in a relation; a name of its own, so that it survives in a package's declarations. */
export interface UserRef {
  readonly [SWAPPED]: "user";
}

interface MissingSelf {
  "error: write Model<ClassName>()": true;
}

/** Not overloaded: the compiler would evaluate the classes that the thunks name. */
type ModelBuilder<Self> = <const S extends ShapeInput>(
  shape: S & { [K in keyof S & ReservedName]: Reserved<K, S[K]> },
) => ModelClass<Self, S>;

/** Names that a field may not have. */
export type ReservedName =
  | "then"
  | "pk"
  | "save"
  | "delete"
  | "refreshFromDb"
  | "equals"
  | "fullClean"
  | "cleanFields"
  | "clean"
  | "validateUnique"
  | "validateConstraints"
  | "constructor"
  | "objects"
  | "fields"
  | "meta"
  | "toJSON";

/** `pk` may be a composite primary key. */
type Reserved<K, F> = K extends "pk" ? (F extends CompositeKeyType<any> ? F : NameIsReserved<K>) : NameIsReserved<K>;

/** The mistake of a field with such a name. */
export interface NameIsReserved<K> {
  "error: models use this name themselves": K;
}

/** `Model<Book>()({ … })`, `Model<Book>().extends(Timestamped)({ … })`, `Model.abstract({ … })`. */
export interface ModelFactory {
  <Self = never>(
    ...missing: [Self] extends [never] ? [writeModelOfTheClassName: MissingSelf] : []
  ): ModelBuilder<Self> & {
    extends<const B extends readonly AnyAbstract[]>(
      ...bases: B
    ): <const S extends ShapeInput>(
      shape: S & { [K in keyof S & ReservedName]: Reserved<K, S[K]> },
    ) => ModelClassWith<Self, S, B>;
  };
  abstract<const S extends ShapeInput>(
    shape: S & { [K in keyof S & ReservedName]: Reserved<K, S[K]> },
  ): AbstractModel<S>;
}
