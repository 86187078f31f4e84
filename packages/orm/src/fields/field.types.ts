import type { AnyExpression } from "../expressions/expression.types.ts";
import type { Choices, NumberChoices } from "./choices.ts";
import type { Duration } from "./duration.ts";
import type { StandardSchema } from "./json.ts";
import type { OnDelete } from "./relations.ts";
import type { Validator } from "./validators.ts";

/** Carries a field's value type; no value has it. */
export declare const VALUE: unique symbol;

/** How lookups see a field. */
export type Kind =
  | "text"
  | "number"
  | "bigint"
  | "decimal"
  | "date"
  | "day"
  | "time"
  | "duration"
  | "boolean"
  | "uuid"
  | "binary"
  | "json"
  /** A list of values of one kind; PostgreSQL only, as the two below. */
  | "array"
  | "searchVector"
  | "searchQuery"
  /** A key, whose type is that of another field. */
  | "attr"
  /** A text of which only the value is known: it may be a name as well as a decimal. */
  | "unknown";

/** A field in the types: its value, whether `create` may leave it out, its kind, its key, its labels. */
export interface FieldType<V, Optional extends boolean, K extends Kind, Pk extends boolean = false, Label = never> {
  readonly [VALUE]: V;
  readonly optional: Optional;
  readonly kind: K;
  readonly primaryKey: Pk;
  readonly label: Label;
}

/** Any field with a value; only for the wildcard positions of conditional types. */
export type AnyField = FieldType<any, any, any, any, any>;

/** A reference to one row of C. */
export interface ForeignKeyType<
  C,
  Null extends boolean,
  Pk extends boolean = false,
  Optional extends boolean = boolean,
> {
  readonly kind: "foreignKey";
  readonly to: C;
  readonly null: Null;
  /** Whether rows can be made without it. */
  readonly optional: Optional;
  readonly primaryKey: Pk;
}

/** The other side of a foreign key. */
export interface RelatedType<C, Via> {
  readonly kind: "related";
  readonly to: C;
  readonly via: Via;
}

/** The other side of a one-to-one relation. */
export interface RelatedOneType<C, Via> {
  readonly kind: "relatedOne";
  readonly to: C;
  readonly via: Via;
}

/** Rows of C on one side and of this model on the other, linked by rows of Through (never: an automatic model). */
export interface ManyToManyType<C, Through = never> {
  readonly kind: "manyToMany";
  readonly to: C;
  readonly through: Through;
}

/** A primary key of several fields, named in order. */
export interface CompositeKeyType<N extends readonly string[]> {
  readonly kind: "compositePrimaryKey";
  readonly names: N;
}

/** What every field takes. */
export interface FieldOptions<V> {
  /** Whether it may be null. Default false. */
  readonly null?: boolean;
  /** The value where none is given, or a function that makes one. */
  readonly default?: V | null | (() => V);
  /** The value that the database gives where an insert names none; read back when the row is made. */
  readonly dbDefault?: V | AnyExpression;
  readonly unique?: boolean;
  readonly primaryKey?: boolean;
  /** Whether forms and `fullClean` accept it empty. Default false. */
  readonly blank?: boolean;
  /** Whether forms show it. Default true. */
  readonly editable?: boolean;
  /** Run by `fullClean`, after the field's own: `[validators.minValue(1)]`, or functions that throw `ValidationError`. */
  readonly validators?: readonly Validator<V>[];
  /** A comment on the column; PostgreSQL keeps it. */
  readonly dbComment?: string;
  /** Whether the column has an index. */
  readonly dbIndex?: boolean;
  /** The column's name, where it is not the field's in snake case. */
  readonly dbColumn?: string;
  readonly verboseName?: string;
  readonly helpText?: string;
}

/** What text fields take. */
export interface TextFieldOptions extends FieldOptions<string> {
  /** The most characters. */
  readonly maxLength?: number;
  /** The values it may have: `choices({ … })`, a list, or a list of values with labels. */
  readonly choices?:
    | Choices<Readonly<Record<string, string>>>
    | readonly (string | readonly [value: string, label: string])[];
}

/** What slugs take. */
export interface SlugFieldOptions extends TextFieldOptions {
  /** Whether letters of all scripts are accepted. Default false. */
  readonly allowUnicode?: boolean;
}

/** What IP addresses take. */
export interface IpAddressFieldOptions extends FieldOptions<string> {
  /** Which versions it takes. Default both. */
  readonly protocol?: "both" | "ipv4" | "ipv6";
  /** Keeps `::ffff:192.0.2.1` as `192.0.2.1`. Default false. */
  readonly unpackIpv4?: boolean;
}

/** What paths of files take. */
export interface FilePathFieldOptions extends FieldOptions<string> {
  /** The directory that has the choices, or a function that gives it. */
  readonly path: string | (() => string);
  /** What the names of the choices match. */
  readonly match?: RegExp;
  /** Whether directories inside it are searched. Default false. */
  readonly recursive?: boolean;
  /** Whether files are choices. Default true. */
  readonly allowFiles?: boolean;
  /** Whether directories are choices. Default false. */
  readonly allowFolders?: boolean;
  readonly maxLength?: number;
}

/** What bytes take. */
export interface BinaryFieldOptions extends FieldOptions<Uint8Array> {
  /** The most bytes. */
  readonly maxLength?: number;
}

/** What number fields take. */
export interface NumberFieldOptions extends FieldOptions<number> {
  /** The values it may have: `choices({ low: [1, "Low"] })`, a list, or a list of values with labels. */
  readonly choices?: NumberChoices<number> | readonly (number | readonly [value: number, label: string])[];
}

/** What decimals take. */
export interface DecimalFieldOptions extends FieldOptions<string> {
  /** All digits, before and after the point; at most 18. */
  readonly maxDigits: number;
  readonly decimalPlaces: number;
}

/** What dates and date-times take. */
export interface DateFieldOptions<V> extends FieldOptions<V> {
  /** Set to the present at each save. */
  readonly autoNow?: boolean;
  /** Set to the present when the row is made. */
  readonly autoNowAdd?: boolean;
}

/** What arrays take. */
export interface ArrayFieldOptions<E> extends FieldOptions<E[]> {
  /** The most elements. */
  readonly size?: number;
}

/** A list of values of the field F, with the options O. */
export type ArrayFieldType<F, O> = FieldWith<ElementOf<F>[], O, "array"> & { readonly base: F };
type ElementOf<F> = F extends FieldType<infer V, any, any, any, any> ? V : never;

/** What relations take. */
export interface RelationFieldOptions extends Omit<FieldOptions<never>, "default" | "dbDefault"> {
  /** The key where none is given, or a function that makes one. */
  readonly default?: string | number | bigint | null | (() => unknown);
  /** What happens to this row when the one it refers to is deleted. */
  readonly onDelete: OnDelete;
  /** The unique field of the other model that it refers to. Default: the primary key, whose type keys have in any case. */
  readonly toField?: string;
  /** False: the column has no foreign key constraint. */
  readonly dbConstraint?: boolean;
}

/** What generated columns take. */
export interface GeneratedFieldOptions<F>
  extends Pick<FieldOptions<never>, "unique" | "dbIndex" | "dbColumn" | "dbComment" | "verboseName" | "helpText"> {
  /** What the database computes, of the row's own columns: `F("price").times(F("amount"))`. */
  readonly expression: AnyExpression;
  /** The kind of field that its values are; `null: true` where the expression can be null. */
  readonly output: F;
  /** Whether it is kept in the table; else it is computed at each reading, on PostgreSQL from version 18. Default true. */
  readonly stored?: boolean;
}

/** A column of F's values that is never written: `boolean` is neither required nor optional where rows are made. */
type GeneratedType<F> = F extends FieldType<infer V, any, infer K, any, any> ? FieldType<V, boolean, K> : never;

/** What many-to-many relations take. */
export interface ManyToManyFieldOptions<T> {
  /** The model of the links, where they carry more than the two rows. */
  readonly through?: T;
  /** The foreign keys of `through` that lead to this model and to the other, where it has several. */
  readonly throughFields?: readonly [source: string, target: string];
  /** Of a relation to the model itself: whether a link holds in both directions. Default true. */
  readonly symmetrical?: boolean;
  /** The table of links, where they have no model of their own. */
  readonly dbTable?: string;
  readonly blank?: boolean;
  readonly verboseName?: string;
  readonly helpText?: string;
}

type ChosenOf<C, V> =
  C extends NumberChoices<infer N, any>
    ? N
    : C extends Choices<infer T>
      ? keyof T & string
      : C extends readonly (infer E)[]
        ? E extends readonly [infer W, string]
          ? W
          : E
        : V;
type Chosen<O, V> = O extends { choices: infer C } ? ChosenOf<C, V> : V;
type LabelsIn<C> =
  C extends NumberChoices<any, infer L>
    ? L
    : C extends Choices<infer T>
      ? T[keyof T]
      : C extends readonly (readonly [unknown, infer L])[]
        ? L
        : string;
type LabelsOf<O> = O extends { choices: infer C } ? LabelsIn<C> : never;
type IsOptional<O> = O extends
  | { null: true }
  | { default: unknown }
  | { dbDefault: unknown }
  | { autoNow: true }
  | { autoNowAdd: true }
  ? true
  : false;
type IsNull<O> = O extends { null: true } ? true : false;
type IsPk<O> = O extends { primaryKey: true } ? true : false;

/** The field that the options O make. */
export type FieldWith<V, O, K extends Kind> = FieldType<
  O extends { null: true } ? Chosen<O, V> | null : Chosen<O, V>,
  IsOptional<O>,
  K,
  IsPk<O>,
  LabelsOf<O>
>;

/** JSON checked by a schema, or by a type alone. */
interface JsonFactory {
  <T, const O extends FieldOptions<T>>(options: O & { readonly schema: StandardSchema<T> }): FieldWith<T, O, "json">;
  <T = unknown>(options: FieldOptions<T> & { readonly null: true }): FieldType<T | null, true, "json">;
  <T = unknown>(options: FieldOptions<T> & { readonly default: T | (() => T) }): FieldType<T, true, "json">;
  <T = unknown>(options?: FieldOptions<T>): FieldType<T, false, "json">;
}

/** The model classes that a reverse relation may name: those with fields. */
interface WithFields {
  readonly fields: object;
}

/** The kinds of fields. Source: https://docs.djangoproject.com/en/5.2/ref/models/fields/ */
export interface Fields {
  /** A text of limited length; 255 characters unless `maxLength` says otherwise. */
  char<const O extends TextFieldOptions>(options?: O): FieldWith<string, O, "text">;
  /** A text of any length. */
  text<const O extends TextFieldOptions>(options?: O): FieldWith<string, O, "text">;
  /** Letters, digits, `-` and `_`, for URLs; indexed, 50 characters. */
  slug<const O extends SlugFieldOptions>(options?: O): FieldWith<string, O, "text">;
  /** An e-mail address; 254 characters. */
  email<const O extends TextFieldOptions>(options?: O): FieldWith<string, O, "text">;
  /** A URL; 200 characters. */
  url<const O extends TextFieldOptions>(options?: O): FieldWith<string, O, "text">;
  /** A UUID, as a string in lower case. */
  uuid<const O extends FieldOptions<string>>(options?: O): FieldWith<string, O, "uuid">;
  /** An IPv4 or IPv6 address as a string, in its shortest form. */
  ipAddress<const O extends IpAddressFieldOptions>(options?: O): FieldWith<string, O, "text">;
  /** The path of a file in a directory. */
  filePath<const O extends FilePathFieldOptions>(options: O): FieldWith<string, O, "text">;
  /** A key that the database numbers; every model without a key of its own has one called `id`. */
  auto<const O extends FieldOptions<number> & { readonly primaryKey: true }>(
    options: O,
  ): FieldType<number, true, "number", true>;
  /** A whole number of 32 bits. */
  integer<const O extends NumberFieldOptions>(options?: O): FieldWith<number, O, "number">;
  /** A whole number of 16 bits. */
  smallInteger<const O extends NumberFieldOptions>(options?: O): FieldWith<number, O, "number">;
  /** A whole number of 32 bits, not below zero. */
  positiveInteger<const O extends NumberFieldOptions>(options?: O): FieldWith<number, O, "number">;
  /** A whole number of 16 bits, not below zero. */
  positiveSmallInteger<const O extends NumberFieldOptions>(options?: O): FieldWith<number, O, "number">;
  /** A whole number of 64 bits, not below zero, as a bigint. */
  positiveBigInteger<const O extends FieldOptions<bigint>>(options?: O): FieldWith<bigint, O, "bigint">;
  /** A whole number of 64 bits, as a bigint. */
  bigInteger<const O extends FieldOptions<bigint>>(options?: O): FieldWith<bigint, O, "bigint">;
  /** A floating-point number of 64 bits. */
  float<const O extends NumberFieldOptions>(options?: O): FieldWith<number, O, "number">;
  boolean<const O extends FieldOptions<boolean>>(options?: O): FieldWith<boolean, O, "boolean">;
  /** An exact decimal, as a string: `"9.50"`. */
  decimal<const O extends DecimalFieldOptions>(options: O): FieldWith<string, O, "decimal">;
  /** A moment in time, as a `Date`. */
  dateTime<const O extends DateFieldOptions<Date>>(options?: O): FieldWith<Date, O, "date">;
  /** A calendar date, as a string: `"2026-11-21"`. */
  date<const O extends DateFieldOptions<string>>(options?: O): FieldWith<string, O, "day">;
  /** A time of the day, as a string: `"07:03:12"`. */
  time<const O extends DateFieldOptions<string>>(options?: O): FieldWith<string, O, "time">;
  /** A length of time, exact to the microsecond: `Duration.from({ hours: 1 })`. */
  duration<const O extends FieldOptions<Duration>>(options?: O): FieldWith<Duration, O, "duration">;
  /** Bytes. */
  binary<const O extends BinaryFieldOptions>(options?: O): FieldWith<Uint8Array, O, "binary">;
  /** Any value that JSON has, typed: `fields.json<Prefs>()` or `fields.json({ schema })`. */
  json: JsonFactory;
  /**
   * A list of values of one kind, in PostgreSQL: `fields.array(fields.char({ maxLength: 20 }), { default: [] })`. Its
   * elements are null only where their kind says `null: true`.
   */
  array<const F extends AnyField, const O extends ArrayFieldOptions<ElementOf<F>>>(
    base: F,
    options?: O,
  ): ArrayFieldType<F, O>;
  /** The words of texts as they are searched for, in PostgreSQL: as PostgreSQL writes them, `"'emma':1A"`. */
  searchVector<const O extends FieldOptions<string>>(options?: O): FieldWith<string, O, "searchVector">;
  /** A column that the database computes from others of its row: `generated({ expression: F("price").times(2), output })`. */
  generated<F extends AnyField>(options: GeneratedFieldOptions<F>): GeneratedType<F>;
  /** A reference to a row of another model, in a thunk: `author: () => fields.foreignKey(Author, { onDelete: "cascade" })`. */
  foreignKey<C, const O extends RelationFieldOptions>(
    to: C,
    options: O,
  ): ForeignKeyType<C, IsNull<O>, IsPk<O>, IsOptional<O>>;
  /** A reference that at most one row has. */
  oneToOne<C, const O extends RelationFieldOptions>(
    to: C,
    options: O,
  ): ForeignKeyType<C, IsNull<O>, IsPk<O>, IsOptional<O>>;
  /** Many rows of another model, linked by a table: `tags: () => fields.manyToMany(Tag)`. */
  manyToMany<C, T = never>(to: C, options?: ManyToManyFieldOptions<T>): ManyToManyType<C, T>;
  /** A key of several fields: `pk: fields.compositePrimaryKey("bookId", "line")`. */
  compositePrimaryKey<const N extends readonly string[]>(...names: N): CompositeKeyType<N>;
  /** The rows of another model that refer to this one: `books: () => fields.related(Book, "author")`. */
  related<C extends WithFields, const K extends keyof C["fields"] & string>(to: C, via: K): RelatedType<C, K>;
  /** The row of another model that refers to this one by a one-to-one relation. */
  relatedOne<C extends WithFields, const K extends keyof C["fields"] & string>(to: C, via: K): RelatedOneType<C, K>;
}
