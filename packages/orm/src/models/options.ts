import { didYouMean } from "@tsjango/kernel/utils";
import type { IndexMethod } from "../backends/base/schema-editor.ts";
import { OPTIONS } from "../constants.ts";
import { ModelError } from "../exceptions.ts";
import type { OrderingNode } from "../expressions/expression.ts";
import type { CompositePrimaryKey } from "../fields/composite-key.ts";
import type { Field } from "../fields/field.ts";
import type { ManyToManyField } from "../fields/many-to-many.ts";
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
  /** How PostgreSQL builds it. */
  readonly using?: IndexMethod | undefined;
  /** What compares the fields' values in it, in their order. */
  readonly opclasses?: readonly string[] | undefined;
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
  /** The relation whose automatic model this is. */
  readonly autoCreated?: ManyToManyField | undefined;
  readonly fields: readonly Field[];
  readonly compositeKey?: CompositePrimaryKey | undefined;
  readonly manyToMany?: readonly ManyToManyField[];
  readonly reverseRelations: readonly ReverseRelation[];
  readonly ordering: readonly (string | OrderingNode)[];
  readonly indexes: readonly IndexOptions[];
  readonly constraints: readonly ConstraintOptions[];
  readonly verboseName: string;
  readonly verboseNamePlural?: string;
  readonly getLatestBy?: readonly string[];
  readonly dbTableComment?: string | undefined;
}

/** What a path may name. */
export type Member = Field | ReverseRelation | ManyToManyField;

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
  /** The many-to-many relation whose links this model keeps, where it was made automatically. */
  readonly autoCreated: ManyToManyField | undefined;
  /** All fields with a column, in the order of the columns. */
  readonly fields: readonly Field[];
  /** The many-to-many relations declared here: no columns. */
  readonly manyToMany: readonly ManyToManyField[];
  /** The other sides of relations: no columns. */
  readonly reverseRelations: readonly ReverseRelation[];
  /** The primary key; a `CompositePrimaryKey` where it has several columns. */
  readonly pk: Field;
  /** Paths, with a leading `-` for descending, and orders by expressions. */
  readonly ordering: readonly (string | OrderingNode)[];
  readonly indexes: readonly IndexOptions[];
  readonly constraints: readonly ConstraintOptions[];
  readonly verboseName: string;
  readonly verboseNamePlural: string;
  /** What `latest()` and `earliest()` order by; paths, with a leading `-` for descending. */
  readonly getLatestBy: readonly string[];
  /** A comment on the table, kept by the database. */
  readonly dbTableComment: string | undefined;
  readonly #byName: Map<string, Member>;
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
    this.autoCreated = init.autoCreated;
    this.fields = init.fields;
    this.manyToMany = init.manyToMany ?? [];
    this.reverseRelations = init.reverseRelations;
    this.ordering = init.ordering;
    this.indexes = init.indexes;
    this.constraints = init.constraints;
    this.verboseName = init.verboseName;
    this.verboseNamePlural = init.verboseNamePlural ?? `${init.verboseName}s`;
    this.getLatestBy = init.getLatestBy ?? [];
    this.dbTableComment = init.dbTableComment;
    this.pk = this.#keyOf(init);
    this.#byName = new Map<string, Member>([
      ...init.fields.map((field) => [field.attribute, field] as const),
      ...init.reverseRelations.map((relation) => [relation.name, relation] as const),
      ...this.manyToMany.map((relation) => [relation.name, relation] as const),
      ...init.fields.map((field) => [field.name, field] as const),
      ["pk", this.pk],
    ]);
    init.compositeKey?.resolve(init.compositeKey.names.map((name) => this.#partOf(name)));
  }

  #keyOf({ fields, compositeKey }: OptionsInit): Field {
    const keys = [...fields.filter((field) => field.primaryKey), ...(compositeKey ? [compositeKey] : [])];
    const [pk, second] = keys;
    if (pk !== undefined && second === undefined) return pk;
    const found = pk === undefined ? "none" : `${pk.name} and ${second?.name}`;
    throw new ModelError(`${this.label} must have one primary key; found ${found}.`, { checkId: "models.E026" });
  }

  /** A part of the composite key. */
  #partOf(name: string): Field {
    const field = this.findField(name);
    if (field !== undefined && !field.null) return field;
    const reason = field === undefined ? "is no field of it" : "may be null";
    throw new ModelError(`${this.label}: its primary key names "${name}", which ${reason}.`, {
      checkId: "models.E042",
    });
  }

  /** The model whose table this is: itself, or what it is a proxy for. */
  get concreteModel(): ModelType {
    return this.proxyFor?.[OPTIONS]?.concreteModel ?? this.model;
  }

  /** The field or relation of this name; `pk` and `authorId` are names too. */
  find(name: string): Member | undefined {
    return this.#byName.get(name);
  }

  /** The field with a column of this name. */
  findField(name: string): Field | undefined {
    const found = this.#byName.get(name);
    return found !== undefined && "hasColumn" in found && found.hasColumn ? found : undefined;
  }

  /** As `findField`; throws naming the nearest one. */
  field(name: string): Field {
    const field = this.findField(name);
    if (field !== undefined) return field;
    throw new ModelError(`${this.label} has no field "${name}".${didYouMean(name, this.names)}`);
  }

  /** Adds the other side of a relation that the model does not declare; its name ends in `+`. */
  hide(relation: ReverseRelation): void {
    this.#byName.set(relation.name, relation);
  }

  /** All names that a path may begin with. */
  get names(): string[] {
    return [...this.#byName.keys()].filter((name) => !name.endsWith("+"));
  }
}
