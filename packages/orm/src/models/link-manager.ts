import { connections } from "../connections.ts";
import { FieldValueError, QueryError } from "../exceptions.ts";
import { ManyToManyField } from "../fields/many-to-many.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ForeignKey } from "../fields/relations.ts";
import { type BulkCreateOptions, bulkCreate } from "../query/bulk.ts";
import { chunks } from "../query/chunks.ts";
import {
  createRow,
  type GetOrCreateOptions,
  getOrCreate,
  type UpdateOrCreateOptions,
  updateOrCreate,
  type Values,
} from "../query/creation.ts";
import { deleteRows } from "../query/deletion.ts";
import { fetchRows } from "../query/execute.ts";
import { isMissing } from "../query/field-values.ts";
import { identityOf, keyAsRead } from "../query/identity.ts";
import { wayBack } from "../query/other-side.ts";
import { refuseRelation } from "../query/routing.ts";
import { type LinkAction, m2mChanged } from "../signals.ts";
import { lookupQuery, type Query } from "../sql/query.ts";
import { atomic } from "../transaction.ts";
import type { ModelInstance, ModelType } from "./options.ts";
import { isInstance, RelatedManager } from "./related-manager.ts";

/** What a new link gets besides its two ends; functions are called for their value. */
export interface LinkOptions {
  readonly throughDefaults?: Values | undefined;
}

/** Which of the two ends of a link is this row's. */
interface Ends {
  readonly own: ForeignKey;
  readonly other: ForeignKey;
}

/** The rows that are linked with one instance: `book.tags`, `tag.books`. */
export class LinkManager extends RelatedManager {
  get #forward(): ManyToManyField {
    return this.relation instanceof ManyToManyField ? this.relation : (this.relation.forward as ManyToManyField);
  }
  get #reverse(): boolean {
    return !(this.relation instanceof ManyToManyField);
  }
  get #ends(): Ends {
    const { sourceField, targetField } = this.#forward;
    return this.#reverse ? { own: targetField, other: sourceField } : { own: sourceField, other: targetField };
  }
  /** Of a symmetrical relation: the link in the other direction. */
  get #mirrored(): Ends {
    const { own, other } = this.#ends;
    return { own: other, other: own };
  }

  /** The model of the links. */
  get through(): ModelType {
    return this.#forward.through;
  }

  protected override rows(): Query {
    const path = wayBack(this.relation);
    return {
      ...lookupQuery(this.model, this.alias, { [path]: this.instance }),
      ordering: undefined,
      sticky: true,
    };
  }

  async create(values: Values = {}, options: LinkOptions = {}): Promise<ModelInstance> {
    const rows = this.getQuerySet();
    const make = async () => {
      const row = await createRow(rows, values);
      await this.#link([row], options);
      return row;
    };
    return atomic(make, { using: this.alias, savepoint: false });
  }

  async getOrCreate(where: Values, options: GetOrCreateOptions & LinkOptions = {}): Promise<[ModelInstance, boolean]> {
    return getOrCreate(this.getQuerySet(), where, options, (values) => this.create(values, options));
  }

  async updateOrCreate(
    where: Values,
    options: UpdateOrCreateOptions & LinkOptions = {},
  ): Promise<[ModelInstance, boolean]> {
    this.forget();
    return updateOrCreate(this.getQuerySet(), where, options, (values) => this.create(values, options));
  }

  async bulkCreate(
    rows: readonly unknown[],
    { throughDefaults, ...options }: BulkCreateOptions & LinkOptions = {},
  ): Promise<ModelInstance[]> {
    if (options.ignoreConflicts) {
      throw new QueryError(`${this.relation.label}.bulkCreate(): rows that are left out have no key to link.`);
    }
    const make = async () => {
      const made = await this.getQuerySet().bulkCreate(rows, options);
      await this.#link(made, { throughDefaults });
      return made;
    };
    return atomic(make, { using: this.alias, savepoint: false });
  }

  /** Links these rows, given as instances or keys; those that are linked already stay so. */
  async add(...given: unknown[]): Promise<void> {
    const last = given.at(-1);
    const hasOptions = isInstance(last) && "throughDefaults" in last && !((last as object) instanceof this.model);
    await this.#link(hasOptions ? given.slice(0, -1) : given, hasOptions ? (last as LinkOptions) : {});
  }

  /** Removes the links with these rows. */
  async remove(...rows: unknown[]): Promise<void> {
    const keys = this.#keysOf("remove", rows);
    if (keys.length > 0) await this.#unlink("Remove", keys);
  }

  /** Removes all links. */
  async clear(): Promise<void> {
    this.refuseUnsaved();
    await this.#unlink("Clear", undefined);
  }

  /** Links these rows and no others; with `clear`, by removing all links first. */
  async set(
    rows: readonly unknown[],
    { clear = false, ...options }: LinkOptions & { readonly clear?: boolean } = {},
  ): Promise<void> {
    const wanted = new Map(this.#keysOf("set", rows).map((key) => [identityOf(key), key]));
    const run = async () => {
      if (clear) await this.clear();
      const others = (await this.#linkedKeys(this.#ends)).filter((key) => !wanted.delete(identityOf(key)));
      if (others.length > 0) await this.#unlink("Remove", others);
      await this.#link([...wanted.values()], options);
    };
    await atomic(run, { using: this.alias, savepoint: false });
  }

  async #link(rows: readonly unknown[], { throughDefaults = {} }: LinkOptions): Promise<void> {
    const keys = this.#keysOf("add", rows);
    this.forget();
    if (keys.length === 0) return;
    const values = Object.fromEntries(
      Object.entries(throughDefaults).map(([name, value]) => [name, typeof value === "function" ? value() : value]),
    );
    const run = async () => {
      await this.#addLinks(this.#ends, keys, values, true);
      if (this.#forward.symmetrical) await this.#addLinks(this.#mirrored, keys, values, false);
    };
    await atomic(run, { using: this.alias, savepoint: false });
  }

  async #addLinks(ends: Ends, keys: readonly unknown[], values: Values, told: boolean): Promise<void> {
    const automatic = optionsOf(this.through).autoCreated !== undefined;
    const heard = told && m2mChanged.hasListeners(this.through);
    // Only where nobody is told, and a constraint keeps links unique, need nobody know which links are new.
    let missing = keys;
    if (heard || !automatic) {
      const known = new Set((await this.#linkedKeys(ends, keys)).map(identityOf));
      missing = keys.filter((key) => !known.has(identityOf(key)));
    }
    if (heard) await this.#tell("preAdd", missing);
    const own = ends.own.targetField.keyOf(this.instance);
    const links = missing.map((key) => ({ ...values, [ends.own.name]: own, [ends.other.name]: key }));
    await bulkCreate(this.through, links, this.alias, { ignoreConflicts: automatic });
    if (heard) await this.#tell("postAdd", missing);
  }

  async #unlink(what: "Remove" | "Clear", keys: readonly unknown[] | undefined): Promise<void> {
    this.refuseUnsaved();
    this.forget();
    const heard = m2mChanged.hasListeners(this.through);
    const run = async () => {
      if (heard) await this.#tell(`pre${what}`, keys);
      const ends = this.#forward.symmetrical ? [this.#ends, this.#mirrored] : [this.#ends];
      for (const end of ends) {
        for (const part of keys === undefined ? [undefined] : chunks(keys)) await deleteRows(this.#links(end, part));
      }
      if (heard) await this.#tell(`post${what}`, keys);
    };
    await atomic(run, { using: this.alias, savepoint: false });
  }

  /** The links of the instance, or those with these rows. */
  #links({ own, other }: Ends, keys: readonly unknown[] | undefined): Query {
    const lookups = { [own.attribute]: own.targetField.keyOf(this.instance) };
    return lookupQuery(
      this.through,
      this.alias,
      keys === undefined ? lookups : { ...lookups, [`${other.attribute}__in`]: keys },
    );
  }

  async #linkedKeys(ends: Ends, keys?: readonly unknown[]): Promise<unknown[]> {
    const found: unknown[] = [];
    for (const part of keys === undefined ? [undefined] : chunks(keys)) {
      for (const link of await fetchRows(this.#links(ends, part))) found.push(link[ends.other.attribute]);
    }
    return found;
  }

  async #tell(action: LinkAction, keys: readonly unknown[] | undefined): Promise<void> {
    await m2mChanged.send({
      sender: this.through,
      instance: this.instance,
      action,
      reverse: this.#reverse,
      model: this.model,
      pkSet: keys === undefined ? undefined : new Set(keys),
      using: this.alias,
    });
  }

  /** The keys of rows, each once, in the form in which the database gives them. */
  #keysOf(method: string, rows: readonly unknown[]): unknown[] {
    this.refuseUnsaved();
    const { other } = this.#ends;
    const { label } = this.relation;
    const backend = connections.get(this.alias);
    const keys = rows.map((row) => {
      if (row === undefined || row === null) {
        throw new FieldValueError(`${label}.${method}() takes ${this.model.name}, or its key; found ${String(row)}.`);
      }
      if (!isInstance(row)) return keyAsRead(other, row, backend);
      if (!((row as object) instanceof optionsOf(this.model).concreteModel)) {
        throw new FieldValueError(
          `${label} takes ${this.model.name}, or its key; found an instance of ${row.constructor.name}.`,
        );
      }
      refuseRelation(this.instance, row, label);
      const key = other.targetField.keyOf(row);
      if (!isMissing(key)) return key;
      throw new QueryError(`${label}.${method}(): a ${this.model.name} has not been saved. Save it first.`);
    });
    return [...new Map(keys.map((key) => [identityOf(key), key])).values()];
  }
}
