import { didYouMean } from "@tsjango/kernel/utils";
import { FieldError } from "../exceptions.ts";
import { Field } from "../fields/field.ts";
import { ManyToManyField } from "../fields/many-to-many.ts";
import { ForeignKey, ReverseRelation } from "../fields/relations.ts";
import { writableField } from "../query/field-values.ts";
import { setKey } from "../query/identity.ts";
import { fillerOf } from "../query/row-code.ts";
import type { ModelInstance, Options } from "./options.ts";
import { assignRelation } from "./relation-access.ts";

/** How instances of a model begin; found out once, as the fields of a model do not change. */
interface Beginning {
  /** Sets each attribute to what it is before anything is given. */
  readonly fill: (instance: object, values: readonly unknown[]) => void;
  readonly values: readonly unknown[];
  /** The fields whose default is made anew for each instance. */
  readonly made: readonly Field[];
  /** The attributes that are set as they are given, by the names for them. */
  readonly plain: ReadonlyMap<string, string>;
  /** The same for relations that are given by their key. */
  readonly keys: ReadonlyMap<string, string>;
}

const beginnings = new WeakMap<Options, Beginning>();

function beginningOf(options: Options): Beginning {
  const known = beginnings.get(options);
  if (known !== undefined) return known;
  const { fields, pk } = options;
  const isMade = ({ options: { default: value }, makeDefault }: Field) =>
    typeof value === "function" || (value !== undefined && makeDefault !== Field.prototype.makeDefault);
  const plain = fields.filter((field) => field !== pk && !field.generated);
  const beginning = {
    fill: fillerOf(fields.map(({ attribute }, index) => ({ name: attribute, index, decode: undefined }))),
    values: fields.map((field) => {
      if (field.hasDefault) return isMade(field) ? undefined : field.makeDefault();
      return field.null && !field.hasDbDefault && !field.generated ? null : undefined;
    }),
    made: fields.filter(isMade),
    plain: new Map(plain.map(({ attribute }) => [attribute, attribute])),
    keys: new Map(plain.flatMap((field) => (field instanceof ForeignKey ? [[field.name, field.attribute]] : []))),
  };
  beginnings.set(options, beginning);
  return beginning;
}

/** Gives a new instance its defaults and these values. */
export function fillNew(instance: ModelInstance, options: Options, given: Readonly<Record<string, unknown>>): void {
  const { fill, values, made, plain, keys } = beginningOf(options);
  fill(instance, values);
  for (const field of made) instance[field.attribute] = field.makeDefault();
  for (const name of Object.keys(given)) {
    const value = given[name];
    const attribute = plain.get(name) ?? (typeof value === "object" ? undefined : keys.get(name));
    if (attribute !== undefined && value !== undefined) instance[attribute] = value;
    else setGiven(instance, options, name, value);
  }
}

function setGiven(instance: ModelInstance, options: Options, name: string, value: unknown): void {
  const field = options.find(name);
  if (field === undefined) throw unknownValue(options, name);
  if (value === undefined) {
    throw new FieldError(
      `${options.modelName}: the value of "${name}" is undefined. Leave the key out for the default, or write null.`,
    );
  }
  if (field instanceof ManyToManyField) throw linksGiven(field);
  if (field instanceof ReverseRelation) assignRelation(instance, field, value);
  else if (field instanceof ForeignKey && name === field.name) assignRelation(instance, field, value);
  else if (field === options.pk) setKey(instance, options, value);
  else instance[writableField(options, name).attribute] = value;
}

function linksGiven({ label, name }: ManyToManyField): FieldError {
  return new FieldError(`${label} can be set when the row has been saved: await instance.${name}.set([…]).`);
}

function unknownValue(options: Options, name: string): FieldError {
  const choices = options.fields.map((field) => field.name);
  return new FieldError(
    `${options.modelName} has no field "${name}".${didYouMean(name, choices)} Choices: ${choices.join(", ")}.`,
  );
}
