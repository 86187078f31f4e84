import type { ModelType } from "../models/options.ts";
import { ArrayField, type ArrayOptions } from "./array.ts";
import { CompositePrimaryKey } from "./composite-key.ts";
import type { CommonOptions, Field } from "./field.ts";
import type { Fields } from "./field.types.ts";
import { fieldFrom } from "./field-from.ts";
import { GeneratedField, type GeneratedOptions } from "./generated.ts";
import { ManyToManyField, type ManyToManyOptions } from "./many-to-many.ts";
import { ForeignKey, OneToOneField, ReverseOne, ReverseRelation } from "./relations.ts";

const COLUMNS = [
  "char",
  "text",
  "slug",
  "email",
  "url",
  "uuid",
  "ipAddress",
  "filePath",
  "auto",
  "integer",
  "smallInteger",
  "positiveInteger",
  "positiveSmallInteger",
  "bigInteger",
  "positiveBigInteger",
  "float",
  "boolean",
  "decimal",
  "dateTime",
  "date",
  "time",
  "duration",
  "binary",
  "json",
  "searchVector",
] as const satisfies readonly (keyof Fields)[];

const columns = COLUMNS.map((kind) => [kind, (options: object = {}) => fieldFrom({ kind, options })] as const);

const relations = {
  array: (base: Field, options: Omit<ArrayOptions, "base"> = {}) => new ArrayField({ ...options, base }),
  foreignKey: (to: ModelType, options: CommonOptions) => new ForeignKey(to, options),
  oneToOne: (to: ModelType, options: CommonOptions) => new OneToOneField(to, options),
  generated: (options: GeneratedOptions) => new GeneratedField(options),
  manyToMany: (to: ModelType, options?: ManyToManyOptions) => new ManyToManyField(to, options),
  compositePrimaryKey: (...names: string[]) => new CompositePrimaryKey(...names),
  related: (to: ModelType, via: string) => new ReverseRelation(to, via),
  relatedOne: (to: ModelType, via: string) => new ReverseOne(to, via),
};

/**
 * The kinds of fields that a model is made of. A relation stands in a thunk, so that models may refer to each other.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/fields/
 * @example
 * class Author extends Model<Author>()({ name: fields.char({ maxLength: 100 }) }) {}
 */
export const fields: Fields = Object.freeze({ ...Object.fromEntries(columns), ...relations }) as unknown as Fields;
