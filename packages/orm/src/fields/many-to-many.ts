import { ModelError } from "../exceptions.ts";
import type { ModelType } from "../models/options.ts";
import type { DeconstructedField } from "./field.ts";
import { optionsOf } from "./prepared.ts";
import type { ForeignKey } from "./relations.ts";
import { nameProblem } from "./reserved-names.ts";
import { snakeCase } from "./snake-case.ts";

/** Options of a many-to-many relation. */
export interface ManyToManyOptions {
  /** The model of the links; made automatically where none is given. A label in a migration. */
  readonly through?: ModelType | string;
  /** Which foreign keys of `through` lead to this model and to the other, where it has several. */
  readonly throughFields?: readonly [source: string, target: string];
  /** Of a relation to the model itself: whether a link holds in both directions. Default true without `throughFields`. */
  readonly symmetrical?: boolean;
  /** The table of the automatic model. */
  readonly dbTable?: string;
  /** False: the automatic model's columns have no foreign key constraints. */
  readonly dbConstraint?: boolean;
  readonly blank?: boolean;
  readonly verboseName?: string;
  readonly helpText?: string;
  readonly editable?: boolean;
  readonly [option: string]: unknown;
}

/** The model of the links, with its two foreign keys. */
export interface ThroughModel {
  readonly model: ModelType;
  /** Whether it was made automatically. */
  readonly auto: boolean;
  /** Leads to the model that has the relation. */
  readonly source: ForeignKey;
  /** Leads to the other model. */
  readonly target: ForeignKey;
}

/** Options that only say how a relation is shown: no migration is made for them. */
const SHOWN: ReadonlySet<string> = new Set(["blank", "verboseName", "helpText", "editable"]);

/**
 * A relation of many rows to many, kept in a table of links: no column.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/fields/#manytomanyfield
 */
export class ManyToManyField {
  readonly kind = "manyToMany";
  /** The other model; its name, `"blog.Tag"`, in a migration. */
  readonly to: ModelType | string;
  readonly options: ManyToManyOptions;
  #name: string | undefined;
  #model: ModelType | undefined;
  #through: ThroughModel | undefined;

  constructor(to: ModelType | string, options: ManyToManyOptions = {}) {
    this.to = to;
    this.options = Object.freeze({ ...options });
  }

  get name(): string {
    return this.#name ?? "?";
  }
  get model(): ModelType | undefined {
    return this.#model;
  }
  /** Whether at most one row is on the other side: never. */
  get one(): false {
    return false;
  }
  /** `Book.tags`, for messages. */
  get label(): string {
    return this.#model === undefined ? this.name : `${this.#model.name}.${this.name}`;
  }
  /** The other model. Throws in a migration, where there are only names. */
  get target(): ModelType {
    if (typeof this.to !== "string") return this.to;
    throw new ModelError(`${this.label} refers to ${this.to} by name only; models are not available here.`);
  }
  /** The model of the links. */
  get through(): ModelType {
    return this.#resolved.model;
  }
  /** Whether the model of the links was made automatically. */
  get autoThrough(): boolean {
    return this.options.through === undefined;
  }
  /** The foreign key of the links that leads to this model. */
  get sourceField(): ForeignKey {
    return this.#resolved.source;
  }
  /** The foreign key of the links that leads to the other model. */
  get targetField(): ForeignKey {
    return this.#resolved.target;
  }
  /** Whether it relates rows of one model, and a link holds in both directions. */
  get symmetrical(): boolean {
    if (typeof this.to === "string" || this.#model === undefined || this.to !== this.#model) return false;
    return this.options.symmetrical ?? this.options.throughFields === undefined;
  }

  get #resolved(): ThroughModel {
    if (this.#through !== undefined) return this.#through;
    throw new ModelError(`${this.label} is not ready: its model belongs to no installed app.`);
  }

  /** Gives it a name, and the model it is a relation of. */
  bind(name: string, model?: ModelType): this {
    this.#name = name;
    this.#model = model;
    return this;
  }

  /** Says which model keeps the links. */
  resolve(through: ThroughModel): this {
    this.#through = through;
    return this;
  }

  /** The same relation, unbound. */
  clone(): ManyToManyField {
    return new (this.constructor as typeof ManyToManyField)(this.to, this.options);
  }

  /** What a migration writes. */
  deconstruct(): DeconstructedField {
    const label = (model: ModelType | string) => (typeof model === "string" ? model : optionsOf(model).label);
    const options = Object.entries(this.options)
      .filter(([name, value]) => value !== undefined && !SHOWN.has(name))
      .map(([name, value]) => [name, name === "through" ? label(value as ModelType | string) : value] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return { kind: this.kind, to: label(this.to), options: Object.fromEntries(options) };
  }
}

/** What the automatic model of the links is called, and its two foreign keys. */
export function throughNames(
  model: string,
  name: string,
  to: string,
): { model: string; source: string; target: string } {
  const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
  const [source, target] = [lower(model), lower(to)];
  const clear = snakeCase(model) !== snakeCase(to) && !nameProblem(source) && !nameProblem(target);
  const end = (text: string) => text.replaceAll("_", "");
  return {
    model: `${model}_${name}`,
    source: clear ? source : `from${end(model)}`,
    target: clear ? target : `to${end(to)}`,
  };
}
