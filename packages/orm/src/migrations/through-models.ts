import { constraintName, LONGEST_NAME } from "../backends/base/constraint-name.ts";
import { throughNames } from "../fields/many-to-many.ts";
import { snakeCase } from "../fields/snake-case.ts";
import { type FieldState, type ModelState, modelKey } from "./state.ts";

/** The table of links that a many-to-many relation has of its own. */
export interface ThroughTable {
  readonly model: ModelState;
  /** The names of its two foreign keys: to the model that has the relation, and to the other. */
  readonly source: string;
  readonly target: string;
}

/** Whether a field is a relation of many to many, which has no column. */
export function isManyToMany({ kind }: FieldState): boolean {
  return kind === "manyToMany";
}

/** Whether a field is a column of its model's table. */
export function isColumn({ kind }: FieldState): boolean {
  return kind !== "manyToMany" && kind !== "compositePrimaryKey";
}

/** The table of links of a model's relation; undefined where it has none, or another model is that. */
export function throughTable(model: ModelState, name: string): ThroughTable | undefined {
  const spec = model.fields[name];
  if (spec === undefined || !isManyToMany(spec) || spec.to === undefined || spec.options["through"] !== undefined) {
    return undefined;
  }
  const names = throughNames(model.name, name, spec.to.slice(spec.to.lastIndexOf(".") + 1));
  const table = String(spec.options["dbTable"] ?? linkTable(model.dbTable, name));
  const unconstrained = spec.options["dbConstraint"] === false ? { dbConstraint: false } : {};
  const link = (to: string): FieldState => ({
    kind: "foreignKey",
    to,
    options: { onDelete: "cascade", ...unconstrained },
  });
  const columns = [`${snakeCase(names.source)}_id`, `${snakeCase(names.target)}_id`];
  return {
    source: names.source,
    target: names.target,
    model: {
      app: model.app,
      name: names.model,
      dbTable: table,
      managed: model.managed,
      fields: {
        id: { kind: "auto", options: { primaryKey: true } },
        [names.source]: link(modelKey(model)),
        [names.target]: link(spec.to),
      },
      indexes: [],
      constraints: [{ name: constraintName(table, columns, "uniq"), unique: [names.source, names.target] }],
    },
  };
}

/** `blog_book_tags`; a longer name ends in a hash. */
function linkTable(table: string, name: string): string {
  const whole = `${table}_${snakeCase(name)}`;
  return Buffer.byteLength(whole) <= LONGEST_NAME ? whole : constraintName(table, [snakeCase(name)], "links");
}
