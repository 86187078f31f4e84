import type { AppRegistry } from "@tsjango/kernel/apps";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { constraintName, LONGEST_NAME } from "../backends/base/constraint-name.ts";
import { OPTIONS } from "../constants.ts";
import type { Field } from "../fields/field.ts";
import type { IndexOptions, ModelType, Options } from "../models/options.ts";
import { conditionStateOf } from "./condition-of.ts";
import { type ConstraintState, type FieldState, type IndexState, type ModelState, ProjectState } from "./state.ts";

/** Options of a field on which neither the database nor the meaning of its rows depends: no migration is made for them. */
const NOT_KEPT: ReadonlySet<string> = new Set([
  "allowUnicode",
  "blank",
  "choices",
  "editable",
  "helpText",
  "protocol",
  "unpackIpv4",
  "validators",
  "verboseName",
]);

/** The models of a project as they are in the code now. */
export interface CurrentModels {
  readonly state: ProjectState;
  /** Defaults that are functions, by `blog.Book.token`; a migration cannot hold them, but rows can have their result. */
  readonly defaults: ReadonlyMap<string, () => unknown>;
}

/** Reads the prepared models of all installed apps. */
export function currentModels(apps: Pick<AppRegistry, "all">): CurrentModels {
  const all = apps.all().flatMap((app) => Object.values(app.models).flatMap(optionsIn));
  const own = [...new Set(all)].filter((options) => !options.abstract && !options.proxy);
  const defaults = own.flatMap((options) =>
    options.fields
      .filter((field) => typeof field.options.default === "function")
      .map((field) => [`${options.label}.${field.name}`, () => field.toMigration(field.makeDefault())] as const),
  );
  return { state: new ProjectState(own.map(modelStateOf)), defaults: new Map(defaults) };
}

function optionsIn(value: unknown): Options[] {
  if (typeof value !== "function" || !Object.hasOwn(value, OPTIONS)) return [];
  const options = (value as unknown as ModelType)[OPTIONS];
  return options === undefined ? [] : [options];
}

/** A prepared model as a migration would write it. */
export function modelStateOf(options: Options): ModelState {
  for (const { name } of [...options.indexes, ...options.constraints]) checkName(name, options);
  return {
    app: options.appLabel,
    name: options.modelName,
    dbTable: options.dbTable,
    managed: options.managed,
    ...(options.dbTableComment !== undefined && { dbTableComment: options.dbTableComment }),
    fields: Object.fromEntries(
      [...keyOf(options), ...options.fields, ...options.manyToMany].map((field) => [field.name, fieldStateOf(field)]),
    ),
    indexes: options.indexes.map((index) => indexStateOf(index, options)),
    constraints: options.constraints.map(constraintStateOf),
  };
}

function checkName(name: string | undefined, options: Options): void {
  const bytes = Buffer.byteLength(name ?? "");
  if (bytes <= LONGEST_NAME) return;
  throw new ImproperlyConfigured(
    `${options.label}: the name "${name}" has ${bytes} bytes; PostgreSQL keeps ${LONGEST_NAME}. Give it a shorter one in meta.`,
  );
}

/** A key of several fields, which is no column. */
function keyOf({ pk }: Options): Field[] {
  return pk.hasColumn ? [] : [pk];
}

function fieldStateOf(field: Pick<Field, "deconstruct">): FieldState {
  const { kind, to, options } = field.deconstruct();
  return { kind, ...(to !== undefined && { to }), options: keptOptions(options) };
}

/** Of an array those of its elements, too. */
function keptOptions(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(options).filter(
    ([name, value]) => !NOT_KEPT.has(name) && !(name === "default" && typeof value === "function"),
  );
  return Object.fromEntries(
    kept.map(([name, value]) => {
      if (name !== "base") return [name, value];
      const { kind, options: inner } = value as FieldState;
      return [name, { kind, options: keptOptions(inner) }];
    }),
  );
}

function indexStateOf({ name, fields, where, using, opclasses }: IndexOptions, options: Options): IndexState {
  const columns = fields.map(
    (each) => options.field(each.replace(/^-/, "")).column + (each.startsWith("-") ? "-" : ""),
  );
  return {
    name: name ?? constraintName(options.dbTable, columns, "idx"),
    fields: [...fields],
    ...(where !== undefined && { where: conditionStateOf(where) }),
    ...(using !== undefined && { using }),
    ...(opclasses !== undefined && { opclasses: [...opclasses] }),
  };
}

function constraintStateOf(constraint: Options["constraints"][number]): ConstraintState {
  if ("check" in constraint) return { name: constraint.name, check: conditionStateOf(constraint.check) };
  const { name, unique, where } = constraint;
  return { name, unique: [...unique], ...(where !== undefined && { where: conditionStateOf(where) }) };
}
