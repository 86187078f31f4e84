import type { CheckMessage } from "@tsjango/kernel/checks";
import { didYouMean } from "@tsjango/kernel/utils";
import { BadMigrationError } from "../exceptions.ts";
import { CompositePrimaryKey } from "../fields/composite-key.ts";
import { fieldFrom } from "../fields/field-from.ts";
import { ManyToManyField } from "../fields/many-to-many.ts";
import { ForeignKey, OneToOneField } from "../fields/relations.ts";
import { modelClass, type ShapeInput } from "../models/class-factory.ts";
import type { ModelType } from "../models/options.ts";
import { prepareClasses } from "../models/prepare.ts";
import { Manager } from "../query/manager.ts";
import { QuerySet } from "../query/query-set.ts";
import { newQuery } from "../sql/query.ts";
import type { HistoricModel } from "./migration-database.ts";
import { type FieldState, type ModelState, modelKey, type ProjectState } from "./state.ts";

/** The models of a state as classes, which know one database only. Made when one is first asked for. */
export function historicModels(state: ProjectState, alias: string): (key: string) => HistoricModel {
  let classes: ReadonlyMap<string, ModelType> | undefined;
  return (key) => {
    classes ??= classesOf(state, alias);
    const model = classes.get(key);
    if (model !== undefined) return model as unknown as HistoricModel;
    const known = [...classes.keys()];
    throw new BadMigrationError(
      `There is no model "${key}" at this point of the history.${didYouMean(key, known)} There are: ${known.join(", ")}.`,
    );
  };
}

function classesOf(state: ProjectState, alias: string): ReadonlyMap<string, ModelType> {
  const classes = new Map<string, ModelType>();
  for (const model of state.models.values()) classes.set(modelKey(model), classOf(model, classes, alias));
  const found: CheckMessage[] = [];
  prepareClasses(new Map([...classes].map(([key, model]) => [model, key.slice(0, key.lastIndexOf("."))])), found);
  const [problem] = found.filter(({ level }) => level === "error");
  if (problem === undefined) return classes;
  throw new BadMigrationError(
    `The models at this point of the history do not fit together: ${problem.subject ?? ""}: ${problem.message}`,
  );
}

function classOf(model: ModelState, classes: ReadonlyMap<string, ModelType>, alias: string): ModelType {
  const shape: ShapeInput = Object.fromEntries(
    Object.entries(model.fields).map(([name, spec]) => [name, () => declared(spec, classes)]),
  );
  const Base = modelClass(shape) as ModelType;
  const Historic = class extends Base {
    static meta = {
      dbTable: model.dbTable,
      constraints: model.constraints.filter((each) => "unique" in each),
    };
  };
  Object.defineProperty(Historic, "name", { value: model.name });
  Object.defineProperty(Historic, "objects", { value: new HistoricManager(alias).bind(Historic) });
  return Historic;
}

/** A field as a model declares it, with classes in the place of names. */
function declared(spec: FieldState, classes: ReadonlyMap<string, ModelType>): unknown {
  const { kind, to = "", options } = spec;
  const target = classes.get(to) ?? to;
  switch (kind) {
    case "compositePrimaryKey":
      return new CompositePrimaryKey(...(options["names"] as readonly string[]));
    case "manyToMany": {
      const through = options["through"] as string | undefined;
      return new ManyToManyField(target, { ...options, ...(through && { through: classes.get(through) ?? through }) });
    }
    case "foreignKey":
      return new ForeignKey(target, options);
    case "oneToOne":
      return new OneToOneField(target, options);
    default:
      return fieldFrom(spec);
  }
}

/** The plain manager, on the database that is migrated. */
class HistoricManager extends Manager {
  readonly #alias: string;

  constructor(alias: string) {
    super();
    this.#alias = alias;
  }

  override getQuerySet(): QuerySet {
    return new QuerySet(newQuery(this.model, this.#alias));
  }
}
