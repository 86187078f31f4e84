import type { LoadedApp } from "@tsjango/kernel/apps";
import type { CheckMessage } from "@tsjango/kernel/checks";
import { templateMethod } from "@tsjango/kernel/utils";
import { OPTIONS } from "../constants.ts";
import { ModelError } from "../exceptions.ts";
import { choiceLabel } from "../fields/choices.ts";
import { CompositePrimaryKey } from "../fields/composite-key.ts";
import { Field } from "../fields/field.ts";
import { ManyToManyField } from "../fields/many-to-many.ts";
import { AutoField } from "../fields/numbers.ts";
import { isPrepared, optionsOf } from "../fields/prepared.ts";
import { ForeignKey, ReverseRelation } from "../fields/relations.ts";
import { nameProblem } from "../fields/reserved-names.ts";
import { snakeCase } from "../fields/snake-case.ts";
import { Manager } from "../query/manager.ts";
import { hideOtherSide } from "../query/other-side.ts";
import { classPrepared } from "../signals.ts";
import { SHAPE, shapeOf } from "./class-factory.ts";
import { checkReverse, linkReferrers } from "./link.ts";
import { metaOf, optionsFromMeta } from "./meta.ts";
import { type ModelInstance, type ModelType, Options } from "./options.ts";
import { problem, unknownModel } from "./problem.ts";
import { installRelation } from "./relation-access.ts";
import { linkFields, throughClass } from "./through.ts";

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
  const made = prepareClasses(classes, found);
  prepared = made;
  for (const { model } of made) classPrepared.sendSync({ sender: model });
  problems = found;
}

/** Prepares models, each with its app's label, that may refer to each other; what is wrong with them is added to `found`. */
export function prepareClasses(classes: ReadonlyMap<ModelType, string>, found: CheckMessage[]): Options[] {
  // A proxy after what it stands for, whatever their names.
  const ordered = [...classes].sort(([a], [b]) => ancestors(a) - ancestors(b));
  const made = ordered.flatMap(([model, label]) => {
    try {
      return [prepareModel(model, label, found)];
    } catch (error) {
      const id = error instanceof ModelError ? error.checkId : undefined;
      found.push(problem(id ?? "models.E901", `${label}.${model.name}`, (error as Error).message));
      return [];
    }
  });
  made.push(...made.flatMap((options) => linkManyToMany(options, found)));
  for (const options of made) if (!options.proxy) linkReferrers(options, found);
  for (const options of made) checkReverse(options, found);
  return made;
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

function prepareModel(
  model: ModelType,
  appLabel: string,
  found: CheckMessage[],
  autoCreated?: ManyToManyField,
): Options {
  const parent = Object.getPrototypeOf(model) as ModelType;
  const proxyFor = isConcreteModel(parent) ? parent : undefined;
  const meta = metaOf(model, proxyFor !== undefined);
  const { fields, compositeKey, manyToMany, reverseRelations } = buildFields(model, appLabel, found);
  if (compositeKey === undefined && !fields.some((field) => field.primaryKey)) {
    fields.unshift(new AutoField({ primaryKey: true }).bind("id", model));
  }
  const base = proxyFor === undefined ? undefined : proxyRoot(proxyFor);
  const options = new Options({
    model,
    appLabel,
    dbTable: meta.dbTable ?? base?.table ?? `${appLabel}_${snakeCase(model.name)}`,
    abstract: false,
    proxyFor,
    autoCreated,
    fields,
    compositeKey,
    manyToMany,
    reverseRelations,
    ...optionsFromMeta(meta, { model, appLabel }),
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

function buildFields(model: ModelType, appLabel: string, found: CheckMessage[]) {
  const fields: Field[] = [];
  const manyToMany: ManyToManyField[] = [];
  const reverseRelations: ReverseRelation[] = [];
  let compositeKey: CompositePrimaryKey | undefined;
  const columns = new Map<string, string>();
  for (const [name, given] of Object.entries(shapeOf(model)?.shape ?? {})) {
    const subject = `${appLabel}.${model.name}.${name}`;
    const declared = typeof given === "function" ? (given as () => unknown)() : given;
    const wrongName = name === "pk" && declared instanceof CompositePrimaryKey ? undefined : nameProblem(name);
    if (wrongName !== undefined) {
      found.push(problem(wrongName.id, subject, wrongName.message, "Rename it."));
      continue;
    }
    if (declared instanceof CompositePrimaryKey) {
      if (name === "pk") compositeKey = declared.clone().bind(name, model);
      else found.push(problem("models.E042", subject, "A composite primary key is called pk.", "Rename it to pk."));
    } else if (declared instanceof ManyToManyField) {
      manyToMany.push(declared.clone().bind(name, model));
    } else if (declared instanceof ReverseRelation) {
      reverseRelations.push(declared.clone().bind(name, model));
    } else if (declared instanceof Field) {
      const field = declared.clone().bind(name, model);
      const twin = columns.get(field.column);
      if (twin !== undefined) {
        found.push(problem("models.E007", subject, `The fields ${twin} and ${name} have one column, ${field.column}.`));
        continue;
      }
      columns.set(field.column, name);
      fields.push(field);
    } else {
      found.push(
        problem(
          "fields.E901",
          subject,
          `"${name}" is no field.`,
          "Write one of fields.…, or () => fields.foreignKey(…).",
        ),
      );
    }
  }
  return { fields, compositeKey, manyToMany, reverseRelations };
}

function install(model: ModelType, options: Options): void {
  const { prototype } = model;
  for (const field of options.fields) {
    if (field instanceof ForeignKey) installRelation(prototype, field);
    if (field.options.choices === undefined) continue;
    const name = `get${field.name.charAt(0).toUpperCase()}${field.name.slice(1)}Display`;
    Object.defineProperty(prototype, name, {
      configurable: true,
      value: templateMethod(function display(this: ModelInstance) {
        return choiceLabel(field.options.choices, this[field.attribute]);
      }),
    });
  }
  for (const relation of [...options.reverseRelations, ...options.manyToMany]) installRelation(prototype, relation);
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

/** Says who keeps the links of many-to-many relations; gives the models that are made for that. */
function linkManyToMany(options: Options, found: CheckMessage[]): Options[] {
  const made: Options[] = [];
  for (const relation of options.manyToMany) {
    const subject = `${options.label}.${relation.name}`;
    if (typeof relation.to !== "function" || !isPrepared(relation.to)) {
      found.push(unknownModel(subject, relation.to));
      continue;
    }
    try {
      const owner = optionsOf(options.concreteModel);
      const inherited = options.proxy ? owner.find(relation.name) : undefined;
      let { through } = relation.options;
      if (inherited instanceof ManyToManyField) {
        through = inherited.through;
      } else if (through === undefined) {
        through = throughClass(relation, options);
        made.push(prepareModel(through, options.appLabel, found, relation));
      }
      const model = through as ModelType;
      const auto = relation.autoThrough;
      relation.resolve({ model, auto, ...linkFields(relation, owner.model, model) });
      hideOtherSide(relation);
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      found.push(problem("fields.E333", subject, error.message));
    }
  }
  return made;
}
