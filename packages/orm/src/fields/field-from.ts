import { didYouMean } from "@tsjango/kernel/utils";
import { ModelError } from "../exceptions.ts";
import { ArrayField, type ArrayOptions } from "./array.ts";
import { BinaryField } from "./binary.ts";
import { DateField, DateTimeField, DurationField, TimeField } from "./dates.ts";
import { type CommonOptions, type DeconstructedField, Field } from "./field.ts";
import { FilePathField } from "./file-path.ts";
import { GeneratedField, type GeneratedOptions } from "./generated.ts";
import { JsonField } from "./json.ts";
import {
  AutoField,
  BigIntegerField,
  BooleanField,
  DecimalField,
  FloatField,
  IntegerField,
  PositiveBigIntegerField,
  PositiveIntegerField,
  PositiveSmallIntegerField,
  SmallIntegerField,
} from "./numbers.ts";
import { ForeignKey, OneToOneField } from "./relations.ts";
import { SearchQueryField, SearchVectorField } from "./search-vector.ts";
import { CharField, EmailField, IpAddressField, SlugField, TextField, UrlField, UuidField } from "./text.ts";

const COLUMNS: Readonly<Record<string, new (options: CommonOptions) => Field>> = {
  auto: AutoField,
  char: CharField,
  text: TextField,
  slug: SlugField,
  email: EmailField,
  url: UrlField,
  uuid: UuidField,
  ipAddress: IpAddressField,
  filePath: FilePathField as unknown as new (options: CommonOptions) => Field,
  integer: IntegerField,
  smallInteger: SmallIntegerField,
  positiveInteger: PositiveIntegerField,
  positiveSmallInteger: PositiveSmallIntegerField,
  bigInteger: BigIntegerField,
  positiveBigInteger: PositiveBigIntegerField,
  float: FloatField,
  boolean: BooleanField,
  decimal: DecimalField,
  dateTime: DateTimeField,
  date: DateField,
  time: TimeField,
  duration: DurationField,
  binary: BinaryField,
  json: JsonField,
  searchVector: SearchVectorField,
  searchQuery: SearchQueryField,
};

const RELATIONS: Readonly<Record<string, new (to: string, options: CommonOptions) => Field>> = {
  foreignKey: ForeignKey,
  oneToOne: OneToOneField,
};

/** The output of a generated field stands as parts in a migration. */
function withOutput(options: GeneratedOptions): GeneratedOptions {
  const { output } = options;
  return output instanceof Field ? options : { ...options, output: fieldFrom(output as DeconstructedField) };
}

/** The kind of the elements of an array stands as parts in a migration. */
function withBase(options: ArrayOptions): ArrayOptions {
  const { base } = options;
  return base instanceof Field ? options : { ...options, base: fieldFrom(base as DeconstructedField) };
}

/** The kinds of fields that have a column, by their names under `fields`. */
export const fieldKinds: readonly string[] = [...Object.keys(COLUMNS), "array", "generated", ...Object.keys(RELATIONS)];

/** Makes an unbound field of what `deconstruct()` gave. */
export function fieldFrom({ kind, to, options }: Omit<DeconstructedField, "options"> & { options: object }): Field {
  const column = Object.hasOwn(COLUMNS, kind) ? COLUMNS[kind] : undefined;
  if (column !== undefined) return new column(options as CommonOptions);
  if (kind === "array") return new ArrayField(withBase(options as ArrayOptions));
  if (kind === "generated") return new GeneratedField(withOutput(options as GeneratedOptions));
  const relation = Object.hasOwn(RELATIONS, kind) ? RELATIONS[kind] : undefined;
  if (relation !== undefined && to !== undefined) return new relation(to, options as CommonOptions);
  if (relation !== undefined) throw new ModelError(`A field of kind "${kind}" needs the model it refers to.`);
  throw new ModelError(`There is no kind of field "${kind}".${didYouMean(kind, fieldKinds)}`);
}
