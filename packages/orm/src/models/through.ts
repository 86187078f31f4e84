import { constraintName, LONGEST_NAME } from "../backends/base/constraint-name.ts";
import { ModelError } from "../exceptions.ts";
import type { ManyToManyField } from "../fields/many-to-many.ts";
import { throughNames } from "../fields/many-to-many.ts";
import { AutoField } from "../fields/numbers.ts";
import { isPrepared, optionsOf } from "../fields/prepared.ts";
import { ForeignKey } from "../fields/relations.ts";
import { snakeCase } from "../fields/snake-case.ts";
import { modelClass } from "./class-factory.ts";
import type { ModelType, Options } from "./options.ts";

/** The class of an automatic model of links: `Book_tags` with `book` and `tag`, each pair once. */
export function throughClass(relation: ManyToManyField, { model, dbTable }: Options): ModelType {
  const { target, options } = relation;
  const names = throughNames(model.name, relation.name, target.name);
  const link = (to: ModelType) =>
    new ForeignKey(to, {
      onDelete: "cascade",
      ...(options.dbConstraint !== undefined && { dbConstraint: options.dbConstraint }),
    });
  const Base = modelClass({
    id: new AutoField({ primaryKey: true }),
    [names.source]: link(model),
    [names.target]: link(target),
  }) as ModelType;
  const table = options.dbTable ?? tableName(dbTable, relation.name);
  const Through = class extends Base {
    static meta = {
      dbTable: table,
      constraints: [
        {
          unique: [names.source, names.target],
          name: constraintName(table, [`${snakeCase(names.source)}_id`, `${snakeCase(names.target)}_id`], "uniq"),
        },
      ],
    };
  };
  Object.defineProperty(Through, "name", { value: names.model });
  return Through;
}

/** `blog_book_tags`; a longer name ends in a hash. */
function tableName(table: string, name: string): string {
  const whole = `${table}_${snakeCase(name)}`;
  return Buffer.byteLength(whole) <= LONGEST_NAME ? whole : constraintName(table, [snakeCase(name)], "links");
}

/** The two foreign keys of a model of links. Throws `ModelError` where they are missing or not clear. */
export function linkFields(
  relation: ManyToManyField,
  owner: ModelType,
  through: ModelType,
): { source: ForeignKey; target: ForeignKey } {
  if (!isPrepared(through)) {
    throw new ModelError(
      `Its through, ${through.name}, is no model of an installed app. Export it from an app's models.`,
    );
  }
  const keys = optionsOf(through).fields.filter((field) => field instanceof ForeignKey);
  const leading = (to: ModelType) => keys.filter((key) => typeof key.to === "function" && sameTable(key.to, to));
  if (relation.options.throughFields !== undefined) {
    const [source, target] = relation.options.throughFields.map((name) => keys.find((key) => key.name === name));
    if (source && target && leading(owner).includes(source) && leading(relation.target).includes(target)) {
      return { source, target };
    }
    throw new ModelError(
      `Its throughFields are ${relation.options.throughFields.join(" and ")}, but ${through.name} has ` +
        `${listed(leading(owner))} leading to ${owner.name} and ${listed(leading(relation.target))} leading to ${relation.target.name}.`,
    );
  }
  const self = sameTable(owner, relation.target);
  const [source, second, third] = leading(owner);
  const [target, another] = self ? [second, third] : leading(relation.target);
  if (source === undefined || target === undefined) {
    const wanted = self
      ? `two foreign keys to ${owner.name}`
      : `a foreign key to ${owner.name} and one to ${relation.target.name}`;
    throw new ModelError(`Its through, ${through.name}, needs ${wanted}; found ${listed(keys)}.`);
  }
  if (another !== undefined || (!self && second !== undefined)) {
    throw new ModelError(
      `Its through, ${through.name}, has several foreign keys that could be meant (${listed(keys)}). ` +
        "Say which with throughFields: [source, target].",
    );
  }
  return { source, target };
}

function sameTable(one: ModelType, other: ModelType): boolean {
  const concrete = (model: ModelType) => (isPrepared(model) ? optionsOf(model).concreteModel : model);
  return concrete(one) === concrete(other);
}

function listed(fields: readonly ForeignKey[]): string {
  return fields.map((field) => field.name).join(", ") || "none";
}
