import { didYouMean } from "@tsjango/kernel/utils";
import { ModelError } from "../exceptions.ts";
import { DateField, DateTimeField } from "./dates.ts";
import type { CommonOptions, DeconstructedField, Field } from "./field.ts";
import { JsonField } from "./json.ts";
import {
  AutoField,
  BigIntegerField,
  BooleanField,
  DecimalField,
  FloatField,
  IntegerField,
  PositiveIntegerField,
  SmallIntegerField,
} from "./numbers.ts";
import { ForeignKey, OneToOneField } from "./relations.ts";
import { CharField, EmailField, SlugField, TextField, UrlField, UuidField } from "./text.ts";

const COLUMNS: Readonly<Record<string, new (options: CommonOptions) => Field>> = {
  auto: AutoField,
  char: CharField,
  text: TextField,
  slug: SlugField,
  email: EmailField,
  url: UrlField,
  uuid: UuidField,
  integer: IntegerField,
  smallInteger: SmallIntegerField,
  positiveInteger: PositiveIntegerField,
  bigInteger: BigIntegerField,
  float: FloatField,
  boolean: BooleanField,
  decimal: DecimalField,
  dateTime: DateTimeField,
  date: DateField,
  json: JsonField,
};

const RELATIONS: Readonly<Record<string, new (to: string, options: CommonOptions) => Field>> = {
  foreignKey: ForeignKey,
  oneToOne: OneToOneField,
};

/** The kinds of fields that have a column, by their names under `fields`. */
export const fieldKinds: readonly string[] = [...Object.keys(COLUMNS), ...Object.keys(RELATIONS)];

/** Makes an unbound field of what `deconstruct()` gave. */
export function fieldFrom({ kind, to, options }: Omit<DeconstructedField, "options"> & { options: object }): Field {
  const column = Object.hasOwn(COLUMNS, kind) ? COLUMNS[kind] : undefined;
  if (column !== undefined) return new column(options as CommonOptions);
  const relation = Object.hasOwn(RELATIONS, kind) ? RELATIONS[kind] : undefined;
  if (relation !== undefined && to !== undefined) return new relation(to, options as CommonOptions);
  if (relation !== undefined) throw new ModelError(`A field of kind "${kind}" needs the model it refers to.`);
  throw new ModelError(`There is no kind of field "${kind}".${didYouMean(kind, fieldKinds)}`);
}
