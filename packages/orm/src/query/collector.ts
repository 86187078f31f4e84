import { connections } from "../connections.ts";
import { ProtectedError, RestrictedError } from "../exceptions.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ForeignKey } from "../fields/relations.ts";
import type { ModelInstance, ModelType } from "../models/options.ts";
import { postDelete, preDelete } from "../signals.ts";
import { compileDelete } from "../sql/compiler.ts";
import { planUpdate } from "../sql/plan-cache.ts";
import { lookupQuery, type Query } from "../sql/query.ts";
import { runStatement } from "../transaction.ts";
import { chunks } from "./chunks.ts";
import type { Deleted } from "./deletion.ts";
import { fetchRows } from "./execute.ts";
import { isMissing, keyFor } from "./field-values.ts";
import { identityOf } from "./identity.ts";

/** Whether rows of a model go without asking for them: nothing follows from it, and nobody is told. */
export function canDeleteAtOnce(model: ModelType): boolean {
  const { referrers, autoCreated } = optionsOf(optionsOf(model).concreteModel);
  if (referrers.some((field) => field.onDelete !== "doNothing")) return false;
  return autoCreated !== undefined || !isHeard(model);
}

function isHeard(model: ModelType): boolean {
  return preDelete.hasListeners(model) || postDelete.hasListeners(model);
}

/** Finds what a deletion takes with it, then does it. Source: `django.db.models.deletion.Collector`. */
export class Collector {
  readonly #alias: string;
  readonly #origin: unknown;
  /** The rows that go, by their tables' models and their keys, in the order in which they were met. */
  readonly #rows = new Map<ModelType, Map<unknown, ModelInstance>>();
  /** Rows that nothing follows from. */
  readonly #atOnce: Query[] = [];
  readonly #updates: { readonly field: ForeignKey; readonly value: unknown; readonly rows: Query }[] = [];
  readonly #restricted: { readonly field: ForeignKey; readonly rows: readonly ModelInstance[] }[] = [];

  constructor(alias: string, origin: unknown) {
    this.#alias = alias;
    this.#origin = origin;
  }

  /** Adds rows, and those that `onDelete` says of the rows that refer to them. */
  async collect(model: ModelType, rows: readonly ModelInstance[]): Promise<void> {
    const options = optionsOf(model);
    const known = this.#rows.get(model) ?? new Map<unknown, ModelInstance>();
    this.#rows.set(model, known);
    const fresh = rows.filter((row) => {
      const identity = identityOf(options.pk.keyOf(row));
      if (known.has(identity)) return false;
      known.set(identity, row);
      return true;
    });
    for (const field of options.referrers) {
      if (field.onDelete === "doNothing") continue;
      const values = fresh.map((row) => field.targetField.keyOf(row)).filter((value) => !isMissing(value));
      for (const part of chunks(values)) await this.#follow(field, this.#referring(field, part));
    }
  }

  #referring(field: ForeignKey, values: readonly unknown[]): Query {
    return lookupQuery(ownerOf(field), this.#alias, { [`${field.attribute}__in`]: values });
  }

  async #follow(field: ForeignKey, rows: Query): Promise<void> {
    const rule = field.onDelete;
    if (rule === "cascade" && canDeleteAtOnce(rows.model)) {
      this.#atOnce.push(rows);
      return;
    }
    const update = field.valueOnDelete();
    if (update !== undefined) {
      // What is to be set may be looked up, or made.
      this.#updates.push({ field, value: keyFor(field, await update.value), rows });
      return;
    }
    const found = await fetchRows(rows);
    if (found.length === 0) return;
    if (rule === "protect") throw new ProtectedError(refusal(field), { objects: found });
    if (rule === "restrict") this.#restricted.push({ field, rows: found });
    else await this.collect(optionsOf(rows.model).concreteModel, found);
  }

  /** Does what was collected. */
  async run(): Promise<Deleted> {
    await this.#refuseRestricted();
    await this.#tell(
      preDelete,
      [...this.#rows.values()].flatMap((rows) => [...rows.values()]),
    );
    const models: Record<string, number> = {};
    for (const query of this.#atOnce) await this.#delete(query, models);
    for (const { field, value, rows } of this.#updates) {
      const statement = planUpdate(connections.get(this.#alias), rows, [[field, value]]);
      if (statement !== undefined) await runStatement(this.#alias, statement);
    }
    // What was met later refers to what was met before.
    for (const [model, rows] of [...this.#rows].reverse()) {
      const { pk } = optionsOf(model);
      const keys = [...rows.values()].map((row) => pk.keyOf(row));
      for (const part of chunks(keys)) {
        await this.#delete(lookupQuery(model, this.#alias, { pk__in: part }), models);
      }
      await this.#tell(postDelete, [...rows.values()]);
    }
    return { total: Object.values(models).reduce((sum, count) => sum + count, 0), models };
  }

  async #delete(query: Query, models: Record<string, number>): Promise<void> {
    const statement = compileDelete(connections.get(this.#alias), query);
    if (statement === undefined) return;
    const { changes } = await runStatement(this.#alias, statement);
    const { label } = optionsOf(query.model);
    if (changes > 0) models[label] = (models[label] ?? 0) + changes;
  }

  /** Restricted rows may go with something else that goes. */
  async #refuseRestricted(): Promise<void> {
    for (const { field, rows } of this.#restricted) {
      const model = optionsOf(ownerOf(field)).concreteModel;
      const { pk } = optionsOf(model);
      const going = new Set(this.#rows.get(model)?.keys());
      for (const query of this.#atOnce.filter((each) => each.model === model)) {
        for (const row of await fetchRows(query)) going.add(identityOf(pk.keyOf(row)));
      }
      const left = rows.filter((row) => !going.has(identityOf(pk.keyOf(row))));
      if (left.length > 0) throw new RestrictedError(refusal(field), { objects: left });
    }
  }

  async #tell(signal: typeof preDelete | typeof postDelete, rows: readonly ModelInstance[]): Promise<void> {
    for (const instance of rows) {
      const sender = instance.constructor as ModelType;
      if (optionsOf(sender).autoCreated !== undefined || !signal.hasListeners(sender)) continue;
      await signal.send({ sender, instance, using: this.#alias, origin: this.#origin ?? instance });
    }
  }
}

function ownerOf(field: ForeignKey): ModelType {
  return field.model as ModelType;
}

function refusal(field: ForeignKey): string {
  return (
    `${field.target.name} cannot be deleted: rows of ${ownerOf(field).name} refer to it by ${field.label}, ` +
    `which has onDelete: "${String(field.onDelete)}". Delete or change those first.`
  );
}
