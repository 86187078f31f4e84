import { ValidationError } from "@tsjango/kernel/exceptions";
import { FieldError } from "../exceptions.ts";
import type { ConditionNode } from "../expressions/condition.ts";
import type { Field } from "../fields/field.ts";
import { optionsOf } from "../fields/prepared.ts";
import { ForeignKey } from "../fields/relations.ts";
import type { ConstraintOptions, ModelInstance, ModelType, Options } from "../models/options.ts";
import { lookupQuery, type Query } from "../sql/query.ts";
import { evaluateCondition } from "./evaluate-condition.ts";
import { rowsExist } from "./execute.ts";
import { isDeferred, isExpression, isMissing } from "./field-values.ts";
import { stateOf } from "./state.ts";

/** What the parts of `fullClean` may be told. */
export interface CleanOptions {
  /** The fields that are not looked at. */
  readonly exclude?: readonly string[] | undefined;
}

/** What `fullClean` may be told. */
export interface FullCleanOptions extends CleanOptions {
  /** Whether unique fields are looked up. Default true. */
  readonly validateUnique?: boolean | undefined;
  /** Whether the constraints of `meta` are tried. Default true. */
  readonly validateConstraints?: boolean | undefined;
}

/** The parts of `fullClean`, as an instance has them: a model may have its own. */
interface Cleanable {
  cleanFields(options: CleanOptions): Promise<void>;
  clean(): Promise<void> | void;
  validateUnique(options: CleanOptions): Promise<void>;
  validateConstraints(options: CleanOptions): Promise<void>;
}

/**
 * Checks an instance before it is saved: its fields, `clean()`, unique fields, constraints. Throws `ValidationError`
 * with all that is wrong. `save` does not call it. Source: `Model.full_clean`.
 */
export async function fullClean(
  instance: ModelInstance,
  { exclude = [], validateUnique = true, validateConstraints = true }: FullCleanOptions = {},
): Promise<void> {
  const options = optionsOf(instance.constructor as ModelType);
  for (const name of exclude) if (options.find(name) === undefined) throw unknownName(options, name);
  const cleanable = instance as unknown as Cleanable;
  const found: ValidationError[] = [];
  // What is wrong with a field already is not looked at again.
  const left = () => ({ exclude: [...exclude, ...found.flatMap(({ errors }) => Object.keys(errors))] });
  const run = async (step: () => Promise<void> | void) => {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      found.push(error);
    }
  };
  await run(() => cleanable.cleanFields({ exclude }));
  await run(() => cleanable.clean());
  if (validateUnique) await run(() => cleanable.validateUnique(left()));
  if (validateConstraints) await run(() => cleanable.validateConstraints(left()));
  if (found.length > 0) throw new ValidationError(found);
}

function unknownName(options: Options, name: string): FieldError {
  return new FieldError(
    `${options.modelName} has no field "${name}" to exclude. Choices: ${options.names.join(", ")}.`,
  );
}

/** Checks the value of each field: type, null, blank, choices, validators, and whether a row that it refers to exists. */
export async function cleanFields(instance: ModelInstance, { exclude = [] }: CleanOptions = {}): Promise<void> {
  const errors: Record<string, ValidationError> = {};
  for (const field of valueFields(instance, exclude)) {
    const value = instance[field.attribute];
    if (field.blank && isMissing(value)) continue;
    try {
      field.validate(value);
      if (field instanceof ForeignKey && !isMissing(value)) await checkExists(instance, field, value);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      errors[field.name] = error;
    }
  }
  if (Object.keys(errors).length > 0) throw new ValidationError(errors);
}

/** The fields with a value that can be judged here. */
function valueFields(instance: ModelInstance, exclude: readonly string[]): Field[] {
  return optionsOf(instance.constructor as ModelType).fields.filter(
    (field) =>
      !exclude.includes(field.name) &&
      !field.generated &&
      !isDeferred(instance, field) &&
      !isExpression(instance[field.attribute]),
  );
}

async function checkExists(instance: ModelInstance, field: ForeignKey, value: unknown): Promise<void> {
  const { alias } = stateOf(instance);
  const target = optionsOf(field.target);
  if (await rowsExist(lookupQuery(field.target, alias, { [field.targetField.attribute]: value }))) return;
  throw new ValidationError(
    `${target.verboseName} instance with ${field.targetField.name} ${String(value)} does not exist.`,
    { code: "invalid", params: { value } },
  );
}

/** Looks for other rows with the values of unique fields, and of constraints that are unique without a condition. */
export async function validateUnique(instance: ModelInstance, { exclude = [] }: CleanOptions = {}): Promise<void> {
  const options = optionsOf(instance.constructor as ModelType);
  const found: ValidationError[] = [];
  const known = new Set(valueFields(instance, exclude));
  for (const field of known) {
    if (!field.unique || !(await isTaken(instance, options, [field]))) continue;
    found.push(new ValidationError({ [field.name]: taken(options, [field], "unique") }));
  }
  if (!options.pk.hasColumn && options.pk.keyFields.every((field) => known.has(field)) && stateOf(instance).adding) {
    const fields = options.pk.keyFields;
    if (await isTaken(instance, options, fields))
      found.push(new ValidationError([taken(options, fields, "unique_together")]));
  }
  for (const constraint of options.constraints) {
    if (!("unique" in constraint) || constraint.where !== undefined) continue;
    const fields = constraint.unique.map((name) => options.field(name));
    if (!fields.every((field) => known.has(field)) || !(await isTaken(instance, options, fields))) continue;
    found.push(new ValidationError([taken(options, fields, "unique_together")]));
  }
  if (found.length > 0) throw new ValidationError(found);
}

/**
 * Tries the check constraints of `meta`, and the unique ones with a condition. A condition that only the database can
 * tell is left to it.
 */
export async function validateConstraints(instance: ModelInstance, { exclude = [] }: CleanOptions = {}): Promise<void> {
  const options = optionsOf(instance.constructor as ModelType);
  const known = new Set(valueFields(instance, exclude));
  const found: ValidationError[] = [];
  for (const constraint of options.constraints) {
    if (await holds(instance, options, constraint, known)) continue;
    found.push(new ValidationError(`Constraint “${constraint.name}” is violated.`, { code: "constraint" }));
  }
  if (found.length > 0) throw new ValidationError(found);
}

async function holds(
  instance: ModelInstance,
  options: Options,
  constraint: ConstraintOptions,
  known: ReadonlySet<Field>,
): Promise<boolean> {
  const read = (name: string) => {
    const field = options.findField(name);
    return field !== undefined && known.has(field) ? { field, value: instance[field.attribute] } : undefined;
  };
  if ("check" in constraint) return evaluateCondition(constraint.check as ConditionNode, read) !== false;
  if (!("unique" in constraint) || constraint.where === undefined) return true;
  const fields = constraint.unique.map((name) => options.field(name));
  const where = constraint.where as ConditionNode;
  if (!fields.every((field) => known.has(field)) || evaluateCondition(where, read) !== true) return true;
  return !(await isTaken(instance, options, fields, where));
}

async function isTaken(
  instance: ModelInstance,
  options: Options,
  fields: readonly Field[],
  where?: ConditionNode,
): Promise<boolean> {
  const lookups = Object.fromEntries(fields.map((field) => [field.attribute, instance[field.attribute]]));
  // Null is never the same as null.
  if (Object.values(lookups).some(isMissing)) return false;
  const { alias, adding } = stateOf(instance);
  const query = lookupQuery(options.concreteModel, alias, lookups);
  const steps = [...query.steps, ...(where === undefined ? [] : [where])];
  const key = options.pk.keyOf(instance);
  if (!adding && !isMissing(key)) steps.push({ kind: "not", child: { kind: "lookups", lookups: [["pk", key]] } });
  return rowsExist({ ...query, steps } as Query);
}

function taken(options: Options, fields: readonly Field[], code: string) {
  const capital = options.verboseName.charAt(0).toUpperCase() + options.verboseName.slice(1);
  const names = fields.map(({ verboseName }) => verboseName.charAt(0).toUpperCase() + verboseName.slice(1));
  const label = names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
  return { message: `${capital} with this ${label} already exists.`, code };
}
