import type { LoadedApp } from "@tsjango/kernel/apps";
import type { CheckMessage } from "@tsjango/kernel/checks";
import { didYouMean } from "@tsjango/kernel/utils";
import { OPTIONS } from "../constants.ts";
import { CONDITION } from "../expressions/symbols.ts";
import { choiceLabel } from "../fields/choices.ts";
import { Field } from "../fields/field.ts";
import { AutoField } from "../fields/numbers.ts";
import { isPrepared, optionsOf } from "../fields/prepared.ts";
import { ForeignKey, ReverseRelation } from "../fields/relations.ts";
import { snakeCase } from "../fields/snake-case.ts";
import { Manager } from "../query/manager.ts";
import { SHAPE, shapeOf } from "./class-factory.ts";
import { type ConstraintOptions, type IndexOptions, type ModelInstance, type ModelType, Options } from "./options.ts";
import { installRelation } from "./relation-access.ts";
import { isReserved } from "./reserved-names.ts";

/** What a model's `meta` may say, as the ORM's own code reads it. */
interface MetaInput {
  readonly dbTable?: string;
  readonly managed?: boolean;
  readonly ordering?: readonly string[];
  readonly indexes?: readonly (readonly string[] | IndexOptions)[];
  readonly constraints?: readonly ConstraintOptions[];
  readonly verboseName?: string;
}

let prepared: readonly Options[] = [];
let problems: readonly CheckMessage[] = [];

/** All prepared models, in the order of their apps. */
export function allModels(): readonly Options[] {
  return prepared;
}

/** What was wrong with the models when they were prepared; the system checks report it. */
export function modelProblems(): readonly CheckMessage[] {
  return problems;
}

/** Reads the models of all apps: resolves their relations, and installs what instances need. */
export function prepareModels(apps: readonly LoadedApp[]): void {
  const found: CheckMessage[] = [];
  // Models of another set-up do not count as installed in this one.
  for (const { model } of prepared) Reflect.deleteProperty(model, OPTIONS);
  const classes = new Map<ModelType, string>();
  for (const app of apps) {
    for (const exported of Object.values(app.models)) {
      if (isConcreteModel(exported) && !classes.has(exported)) classes.set(exported, app.config.label);
    }
  }
  // A proxy after what it stands for, whatever their names.
  const ordered = [...classes].sort(([a], [b]) => ancestors(a) - ancestors(b));
  const made = ordered.flatMap(([model, label]) => {
    try {
      return [prepareModel(model, label, found)];
    } catch (error) {
      found.push(problem("models.E001", `${label}.${model.name}`, (error as Error).message));
      return [];
    }
  });
  for (const options of made) if (!options.proxy) linkReferrers(options, found);
  for (const options of made) checkReverse(options, found);
  prepared = made;
  problems = found;
}

function isConcreteModel(value: unknown): value is ModelType {
  // The class of the factory itself has the shape as its own property; a user's class inherits it.
  return typeof value === "function" && !Object.hasOwn(value, SHAPE) && shapeOf(value)?.kind === "concrete";
}

/** How many models a class extends. */
function ancestors(model: ModelType): number {
  const parent: unknown = Object.getPrototypeOf(model);
  return isConcreteModel(parent) ? 1 + ancestors(parent) : 0;
}

function problem(id: string, subject: string, message: string, hint?: string): CheckMessage {
  return { level: "error", id, subject, message, ...(hint !== undefined && { hint }) };
}

function prepareModel(model: ModelType, appLabel: string, found: CheckMessage[]): Options {
  const parent = Object.getPrototypeOf(model) as ModelType;
  const proxyFor = isConcreteModel(parent) ? parent : undefined;
  const own = Object.hasOwn(model, "meta") || proxyFor === undefined;
  const meta = own ? ((model as unknown as { meta?: MetaInput }).meta ?? {}) : {};
  const { fields, reverseRelations } = buildFields(model, appLabel, found);
  if (!fields.some((field) => field.primaryKey)) fields.unshift(new AutoField({ primaryKey: true }).bind("id", model));
  const base = proxyFor === undefined ? undefined : proxyRoot(proxyFor);
  const options = new Options({
    model,
    appLabel,
    dbTable: meta.dbTable ?? base?.table ?? `${appLabel}_${snakeCase(model.name)}`,
    managed: meta.managed ?? true,
    abstract: false,
    proxyFor,
    fields,
    reverseRelations,
    ordering: meta.ordering ?? [],
    indexes: (meta.indexes ?? []).map((index) => ("fields" in index ? index : { fields: index })),
    constraints: (meta.constraints ?? []).map(plainConstraint),
    verboseName: meta.verboseName ?? snakeCase(model.name).replaceAll("_", " "),
  });
  Object.defineProperty(model, OPTIONS, { value: options, configurable: true });
  install(model, options);
  bindManagers(model);
  return options;
}

/** The table of the model that a proxy stands for. */
function proxyRoot(model: ModelType): { table: string } | undefined {
  return isPrepared(model) ? { table: optionsOf(model).dbTable } : undefined;
}

/** Conditions as data. */
function plainConstraint(constraint: ConstraintOptions): ConstraintOptions {
  const plain = (value: unknown) => (value as { [CONDITION]?: unknown } | undefined)?.[CONDITION] ?? value;
  if ("check" in constraint) return { ...constraint, check: plain(constraint.check) };
  return constraint.where === undefined ? constraint : { ...constraint, where: plain(constraint.where) };
}

function buildFields(model: ModelType, appLabel: string, found: CheckMessage[]) {
  const fields: Field[] = [];
  const reverseRelations: ReverseRelation[] = [];
  const columns = new Map<string, string>();
  for (const [name, given] of Object.entries(shapeOf(model)?.shape ?? {})) {
    const subject = `${appLabel}.${model.name}.${name}`;
    if (isReserved(name)) {
      found.push(
        problem("models.E002", subject, `"${name}" cannot be a field's name: models use it themselves.`, "Rename it."),
      );
      continue;
    }
    const declared = typeof given === "function" ? (given as () => unknown)() : given;
    if (declared instanceof ReverseRelation) {
      reverseRelations.push(declared.clone().bind(name, model));
    } else if (declared instanceof Field) {
      const field = declared.clone().bind(name, model);
      const twin = columns.get(field.column);
      if (twin !== undefined) {
        found.push(problem("models.E003", subject, `The fields ${twin} and ${name} have one column, ${field.column}.`));
        continue;
      }
      columns.set(field.column, name);
      fields.push(field);
    } else {
      found.push(
        problem(
          "models.E004",
          subject,
          `"${name}" is no field.`,
          "Write one of fields.…, or () => fields.foreignKey(…).",
        ),
      );
    }
  }
  return { fields, reverseRelations };
}

function install(model: ModelType, options: Options): void {
  const { prototype } = model;
  for (const field of options.fields) {
    if (field instanceof ForeignKey) installRelation(prototype, field);
    if (field.options.choices === undefined) continue;
    const name = `get${field.name.charAt(0).toUpperCase()}${field.name.slice(1)}Display`;
    Object.defineProperty(prototype, name, {
      configurable: true,
      value(this: ModelInstance) {
        return choiceLabel(field.options.choices, this[field.attribute]);
      },
    });
  }
  for (const relation of options.reverseRelations) installRelation(prototype, relation);
}

function bindManagers(model: ModelType): void {
  for (
    let each: object | null = model;
    each !== null && each !== Function.prototype;
    each = Object.getPrototypeOf(each)
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(each))) {
      if (!(value instanceof Manager)) continue;
      if (each === model) value.bind(model);
      else if (!Object.hasOwn(model, name)) {
        Object.defineProperty(model, name, { value: value.rebound(model), configurable: true, writable: true });
      }
    }
  }
}

function linkReferrers(options: Options, found: CheckMessage[]): void {
  for (const field of options.fields) {
    if (!(field instanceof ForeignKey)) continue;
    const subject = `${options.label}.${field.name}`;
    const target: unknown = field.to;
    if (typeof target !== "function" || !isPrepared(target as ModelType)) {
      const name = typeof target === "function" ? target.name : String(target);
      const hint = "Export it from the models of an app in installedApps.";
      found.push(problem("models.E005", subject, `It refers to ${name}, which is no model of an installed app.`, hint));
      continue;
    }
    if (field.onDelete === "setNull" && !field.null) {
      found.push(problem("models.E006", subject, 'onDelete: "setNull" needs null: true.'));
    }
    optionsOf(optionsOf(target as ModelType).concreteModel).referrers.push(field);
  }
}

function checkReverse(options: Options, found: CheckMessage[]): void {
  for (const relation of options.reverseRelations) {
    const subject = `${options.label}.${relation.name}`;
    if (typeof relation.to !== "function" || !isPrepared(relation.to)) {
      found.push(
        problem(
          "models.E005",
          subject,
          `It refers to ${String(relation.to?.name)}, which is no model of an installed app.`,
        ),
      );
      continue;
    }
    const target = optionsOf(relation.to);
    const via = target.findField(relation.via);
    const candidates = target.fields.filter((field) => field instanceof ForeignKey).map((field) => field.name);
    if (!(via instanceof ForeignKey)) {
      const hint = `Name a foreignKey or oneToOne of ${target.modelName}: ${candidates.join(", ") || "it has none"}.`;
      const message = `${target.label} has no relation "${relation.via}".${didYouMean(relation.via, candidates)}`;
      found.push(problem("models.E007", subject, message, hint));
    } else if (!(options.model === via.target || options.model.prototype instanceof via.target)) {
      found.push(
        problem("models.E008", subject, `${via.label} refers to ${via.target.name}, not to ${options.modelName}.`),
      );
    } else if (relation.one && !via.one) {
      const hint = `Use fields.related, or make ${via.name} a oneToOne.`;
      found.push(
        problem("models.E009", subject, `${via.label} may be had by many rows; relatedOne is for oneToOne.`, hint),
      );
    }
  }
}
