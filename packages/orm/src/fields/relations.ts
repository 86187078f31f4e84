import type { Backend } from "../backends/base/backend.ts";
import { FieldValueError, ModelError } from "../exceptions.ts";
import type { ModelType } from "../models/options.ts";
import { type CommonOptions, type DeconstructedField, Field, type FieldProblem } from "./field.ts";
import { ManyToManyField } from "./many-to-many.ts";
import { isPrepared, optionsOf } from "./prepared.ts";

/**
 * What happens to the rows that refer to a deleted row. `setDefault` gives them the relation's `default`; `{ set }` this
 * key, or what a function gives. Source: https://docs.djangoproject.com/en/5.2/ref/models/fields/#arguments
 */
export type OnDelete =
  | "cascade"
  | "setNull"
  | "setDefault"
  | "protect"
  | "restrict"
  | "doNothing"
  | { readonly set: unknown };

/** A reference to one row of another model, by its primary key. Its column and its attribute end in `Id`. */
export class ForeignKey extends Field {
  readonly kind: string = "foreignKey";
  /** The other model; its name, `"blog.Author"`, in a migration. */
  readonly to: ModelType | string;
  #target: Field | undefined;
  #attribute: string | undefined;

  constructor(to: ModelType | string, options: CommonOptions) {
    super({ dbIndex: true, ...options });
    this.to = to;
  }

  override bind(name: string, model?: ModelType): this {
    this.#attribute = `${name}Id`;
    return super.bind(name, model);
  }

  override get storage(): Field["storage"] {
    return this.valueField.storage;
  }
  override get attribute(): string {
    return this.#attribute ?? `${this.name}Id`;
  }
  /** The model it refers to. Throws in a migration, where there are only names. */
  get target(): ModelType {
    if (typeof this.to !== "string") return this.to;
    throw new ModelError(`${this.label} refers to ${this.to} by name only; models are not available here.`);
  }
  get onDelete(): OnDelete {
    return this.options["onDelete"] as OnDelete;
  }
  /** Whether the database refuses a key that does not exist. */
  get dbConstraint(): boolean {
    return this.options["dbConstraint"] !== false;
  }

  /** What a row refers to once its target is deleted; undefined where `onDelete` does not set anything. */
  valueOnDelete(): { readonly value: unknown } | undefined {
    const { onDelete } = this;
    if (typeof onDelete === "object") {
      const { set } = onDelete;
      return { value: typeof set === "function" ? (set as () => unknown)() : set };
    }
    if (onDelete === "setNull") return { value: null };
    return onDelete === "setDefault" ? { value: this.makeDefault() ?? null } : undefined;
  }
  override get indexed(): boolean {
    return this.options.dbIndex !== false;
  }
  /** The field of the other model that it refers to: the primary key, unless `toField` names another one. */
  get targetField(): Field {
    if (this.#target !== undefined) return this.#target;
    const { toField } = this.options;
    const options = optionsOf(this.target);
    return typeof toField === "string" ? options.field(toField) : options.pk;
  }
  /** The field whose values the column holds, through keys that are references themselves. */
  override get valueField(): Field {
    return this.targetField.valueField;
  }

  /** Says which key it refers to, where the model is known by name only. */
  resolve(target: Field): this {
    this.#target = target;
    return this;
  }

  override checks(): FieldProblem[] {
    const found: FieldProblem[] = [];
    if (this.onDelete === "setNull" && !this.null) {
      found.push({ id: "fields.E320", message: 'onDelete: "setNull" needs null: true.' });
    }
    if (this.onDelete === "setDefault" && !this.hasDefault && !this.null) {
      found.push({ id: "fields.E321", message: 'onDelete: "setDefault" needs a default.' });
    }
    if (this.kind === "foreignKey" && this.options.unique === true) {
      const hint = "Write fields.oneToOne.";
      found.push({ id: "fields.W342", message: "A unique foreignKey is a oneToOne.", hint, level: "warning" });
    }
    const { toField } = this.options;
    if (typeof toField !== "string" || typeof this.to === "string" || !isPrepared(this.to)) return found;
    const field = optionsOf(this.to).findField(toField);
    if (field === undefined) {
      found.push({ id: "fields.E312", message: `${this.to.name} has no field "${toField}" for it to refer to.` });
    } else if (!field.unique) {
      const hint = `Add unique: true to ${field.label}.`;
      found.push({ id: "fields.E311", message: `It refers to ${field.label}, which is not unique.`, hint });
    }
    return found;
  }

  override clone(): ForeignKey {
    return new (this.constructor as typeof ForeignKey)(this.to, this.options);
  }

  protected override normalize(value: unknown): unknown {
    return value;
  }
  override toDatabase(value: unknown, backend: Backend): unknown {
    try {
      return this.valueField.toDatabase(value, backend);
    } catch (error) {
      throw this.#named(error);
    }
  }
  override toSave(value: unknown, backend: Backend): unknown {
    try {
      return this.valueField.toSave(value, backend);
    } catch (error) {
      throw this.#named(error);
    }
  }
  protected override checkType(value: unknown): void {
    this.valueField.validate(value);
  }

  /** What the key has against a value is said of the relation. */
  #named(cause: unknown): unknown {
    const { label } = this.valueField;
    if (!(cause instanceof FieldValueError) || !cause.message.startsWith(`${label} `)) return cause;
    const { expected } = cause;
    const message = this.label + cause.message.slice(label.length);
    return new FieldValueError(message, { cause, ...(expected !== undefined && { expected }) });
  }
  override fromDatabase(...args: Parameters<Field["fromDatabase"]>): unknown {
    return this.valueField.fromDatabase(...args);
  }

  override deconstruct(): DeconstructedField {
    const to = typeof this.to === "string" ? this.to : optionsOf(this.to).label;
    return { kind: this.kind, to, options: this.changedOptions() };
  }

  protected override defaultOptions(): Readonly<Record<string, unknown>> {
    return { ...super.defaultOptions(), dbIndex: true, dbConstraint: true };
  }

  protected override changedOptions(): Record<string, unknown> {
    const options = super.changedOptions();
    const { onDelete } = this;
    // A migration cannot hold a function, and the database does not act on it.
    if (typeof onDelete === "object" && isComputed(onDelete.set)) options["onDelete"] = { set: null };
    return options;
  }

  /** Whether at most one row refers to a row of the other model. */
  get one(): boolean {
    return this.unique;
  }
}

function isComputed(value: unknown): boolean {
  return typeof value === "function" || typeof value === "object";
}

/** A reference that at most one row has to a row of the other model. */
export class OneToOneField extends ForeignKey {
  override readonly kind = "oneToOne";
  override get unique(): boolean {
    return true;
  }
  override get indexed(): boolean {
    return false;
  }
}

/** The other side of a foreign key or of a many-to-many relation: no column, all rows that refer to this one. */
export class ReverseRelation {
  readonly kind: string = "related";
  readonly to: ModelType;
  /** The name of the relation in the other model. */
  readonly via: string;
  #name: string | undefined;
  #model: ModelType | undefined;

  constructor(to: ModelType, via: string) {
    this.to = to;
    this.via = via;
  }

  get name(): string {
    return this.#name ?? "?";
  }
  get model(): ModelType | undefined {
    return this.#model;
  }
  /** The model that has the rows. */
  get target(): ModelType {
    return this.to;
  }
  get one(): boolean {
    return false;
  }
  get label(): string {
    return this.#model === undefined ? this.name : `${this.#model.name}.${this.name}`;
  }

  bind(name: string, model: ModelType): this {
    this.#name = name;
    this.#model = model;
    return this;
  }

  clone(): ReverseRelation {
    return new (this.constructor as typeof ReverseRelation)(this.to, this.via);
  }

  /** The relation it is the other side of. */
  get forward(): ForeignKey | ManyToManyField {
    const field = optionsOf(this.to).find(this.via);
    if (field instanceof ForeignKey || field instanceof ManyToManyField) return field;
    throw new ModelError(
      `${this.label} says it is the other side of ${this.to.name}.${this.via}, which is no relation. ` +
        `Name a foreignKey, oneToOne or manyToMany of ${this.to.name}.`,
    );
  }

  /** The foreign key it is the other side of. Throws where it is the other side of a many-to-many relation. */
  get foreignKey(): ForeignKey {
    const { forward } = this;
    if (forward instanceof ForeignKey) return forward;
    throw new ModelError(`${this.label} is the other side of ${forward.label}, which is no foreign key.`);
  }
}

/** The other side of a one-to-one relation. */
export class ReverseOne extends ReverseRelation {
  override readonly kind = "relatedOne";
  override get one(): boolean {
    return true;
  }
}
