import { didYouMean } from "@tsjango/kernel/utils";
import { OPTIONS } from "../constants.ts";
import { ModelError } from "../exceptions.ts";
import type { Field } from "../fields/field.ts";
import type { ForeignKey, ReverseRelation } from "../fields/relations.ts";

/** A model class as the ORM's own code sees it. */
export interface ModelType {
  new (values?: Readonly<Record<string, unknown>>): ModelInstance;
  readonly name: string;
  readonly [OPTIONS]?: Options;
  readonly prototype: ModelInstance;
}

/** An instance as the ORM's own code sees it: its attributes by name. */
export type ModelInstance = Record<string, unknown>;

/** An index of a model. */
export interface IndexOptions {
  /** Given, or undefined for one made of table and columns. */
  readonly name?: string;
  /** Field names; a leading `-` means descending. */
  readonly fields: readonly string[];
  /** A condition, as `Q` data. */
  readonly where?: unknown;
}

/** A constraint of a model. */
export type ConstraintOptions =
  | { readonly name: string; readonly check: unknown }
  | { readonly name: string; readonly unique: readonly string[]; readonly where?: unknown };

/** The parts of `Options`. */
export interface OptionsInit {
  readonly model: ModelType;
  readonly appLabel: string;
  readonly dbTable: string;
  readonly managed: boolean;
  readonly abstract: boolean;
  /** The model whose table a proxy shares. */
  readonly proxyFor: ModelType | undefined;
  readonly fields: readonly Field[];
  readonly reverseRelations: readonly ReverseRelation[];
  readonly ordering: readonly string[];
  readonly indexes: readonly IndexOptions[];
  readonly constraints: readonly ConstraintOptions[];
  readonly verboseName: string;
}

/** What is known of a prepared model. */
export class Options {
  readonly model: ModelType;
  readonly appLabel: string;
  /** `Book`. */
  readonly modelName: string;
  /** `blog.Book`. */
  readonly label: string;
  /** `blog_book`. */
  readonly dbTable: string;
  /** False: its table is made by somebody else. */
  readonly managed: boolean;
  readonly abstract: boolean;
  readonly proxy: boolean;
  readonly proxyFor: ModelType | undefined;
  /** All fields with a column, in the order of the columns. */
  readonly fields: readonly Field[];
  /** The other sides of relations: no columns. */
  readonly reverseRelations: readonly ReverseRelation[];
  readonly pk: Field;
  /** Paths, with a leading `-` for descending. */
  readonly ordering: readonly string[];
  readonly indexes: readonly IndexOptions[];
  readonly constraints: readonly ConstraintOptions[];
  readonly verboseName: string;
  readonly #byName: ReadonlyMap<string, Field | ReverseRelation>;
  /** The foreign keys of all models that refer to this one; filled when all are prepared. */
  readonly referrers: ForeignKey[] = [];

  constructor(init: OptionsInit) {
    this.model = init.model;
    this.appLabel = init.appLabel;
    this.modelName = init.model.name;
    this.label = `${init.appLabel}.${init.model.name}`;
    this.dbTable = init.dbTable;
    this.managed = init.managed;
    this.abstract = init.abstract;
    this.proxy = init.proxyFor !== undefined;
    this.proxyFor = init.proxyFor;
    this.fields = init.fields;
    this.reverseRelations = init.reverseRelations;
    this.ordering = init.ordering;
    this.indexes = init.indexes;
    this.constraints = init.constraints;
    this.verboseName = init.verboseName;
    const [pk, second] = init.fields.filter((field) => field.primaryKey);
    if (pk === undefined || second !== undefined) {
      throw new ModelError(
        `${this.label} must have one primary key; found ${pk === undefined ? "none" : `${pk.name} and ${second?.name}`}.`,
      );
    }
    this.pk = pk;
    this.#byName = new Map<string, Field | ReverseRelation>([
      ...init.fields.map((field) => [field.attribute, field] as const),
      ...init.reverseRelations.map((relation) => [relation.name, relation] as const),
      ...init.fields.map((field) => [field.name, field] as const),
      ["pk", pk],
    ]);
  }

  /** The model whose table this is: itself, or what it is a proxy for. */
  get concreteModel(): ModelType {
    return this.proxyFor?.[OPTIONS]?.concreteModel ?? this.model;
  }

  /** The field or other side of this name; `pk` and `authorId` are names too. */
  find(name: string): Field | ReverseRelation | undefined {
    return this.#byName.get(name);
  }

  /** The field with a column of this name. */
  findField(name: string): Field | undefined {
    const found = this.#byName.get(name);
    return found !== undefined && "column" in found ? found : undefined;
  }

  /** As `findField`; throws naming the nearest one. */
  field(name: string): Field {
    const field = this.findField(name);
    if (field !== undefined) return field;
    throw new ModelError(`${this.label} has no field "${name}".${didYouMean(name, this.names)}`);
  }

  /** All names that a path may begin with. */
  get names(): string[] {
    return [...this.#byName.keys()];
  }
}
