import { isSynchronousAllowed, synchronousOnly } from "@tsjango/kernel/async";
import { describeValue } from "@tsjango/kernel/utils";
import { connections, defaultFetchMode } from "../connections.ts";
import { FieldFetchBlocked, FieldValueError } from "../exceptions.ts";
import { ManyToManyField } from "../fields/many-to-many.ts";
import { ForeignKey, ReverseRelation } from "../fields/relations.ts";
import { chunks } from "../query/chunks.ts";
import { fetchRows, fetchRowsSync } from "../query/execute.ts";
import { isMissing } from "../query/field-values.ts";
import { identityOf } from "../query/identity.ts";
import { refuseRelation } from "../query/routing.ts";
import { stateOf } from "../query/state.ts";
import { lookupQuery, type Query } from "../sql/query.ts";
import { LinkManager } from "./link-manager.ts";
import type { ModelInstance } from "./options.ts";
import { ReferringManager } from "./referring-manager.ts";
import { isManyToMany } from "./related-manager.ts";

/** Gives a model's prototype a property for a relation: the loaded instance, else something to await. */
export function installRelation(
  prototype: ModelInstance,
  relation: ForeignKey | ReverseRelation | ManyToManyField,
): void {
  Object.defineProperty(prototype, relation.name, {
    configurable: true,
    enumerable: false,
    get(this: ModelInstance) {
      if (relation instanceof ManyToManyField) return new LinkManager(relation, this);
      if (!(relation instanceof ReverseRelation) || relation.one) return readRelation(this, relation);
      return isManyToMany(relation) ? new LinkManager(relation, this) : new ReferringManager(relation, this);
    },
    set(this: ModelInstance, value: unknown) {
      if (relation instanceof ManyToManyField || isManyToMany(relation)) {
        throw new FieldValueError(
          `${relation.label} cannot be assigned to. Write await instance.${relation.name}.set([…]).`,
        );
      }
      assignRelation(this, relation, value);
    },
  });
}

/** Sets a relation: an instance, a key, or null. */
export function assignRelation(instance: ModelInstance, relation: ForeignKey | ReverseRelation, value: unknown): void {
  if (relation instanceof ReverseRelation) {
    throw new FieldValueError(`${relation.label} cannot be assigned to. Assign ${relation.foreignKey.label} instead.`);
  }
  const state = stateOf(instance);
  if (typeof value !== "object" || value === null) {
    if (state.hasRelations) state.relations.delete(relation.name);
    instance[relation.attribute] = value;
    return;
  }
  if (!(value instanceof relation.target)) {
    throw new FieldValueError(
      `${relation.label} takes ${relation.target.name}, or its key; found ${describeValue(value)}.`,
    );
  }
  refuseRelation(instance, value, relation.label);
  state.relations.set(relation.name, value);
  instance[relation.attribute] = relation.targetField.keyOf(value);
}

/** The related instance where it is loaded, null where there is none, else something to await. */
function readRelation(instance: ModelInstance, relation: ForeignKey | ReverseRelation): unknown {
  const loaded = loadedRelation(instance, relation);
  if (loaded !== undefined) return loaded;
  if (relation instanceof ForeignKey && isMissing(instance[relation.attribute])) return null;
  if (isSynchronousAllowed() && connections.get(stateOf(instance).alias).features.synchronous) {
    const [query] = queriesFor([instance], relation);
    store([instance], relation, query === undefined ? [] : fetchRowsSync(query));
    return loadedRelation(instance, relation) ?? null;
  }
  return lazyRelation(instance, relation);
}

/** What is loaded, unless the key has been changed since. */
function loadedRelation(
  instance: ModelInstance,
  relation: ForeignKey | ReverseRelation,
): ModelInstance | null | undefined {
  const loaded = stateOf(instance).relation(relation.name);
  if (!(relation instanceof ForeignKey) || !loaded) return loaded;
  const key = instance[relation.attribute];
  if (isMissing(key)) return loaded;
  return identityOf(relation.targetField.keyOf(loaded)) === identityOf(key) ? loaded : undefined;
}

/** Something to await; reading anything else of it throws, naming the ways out. */
function lazyRelation(instance: ModelInstance, relation: ForeignKey | ReverseRelation): PromiseLike<unknown> {
  const load = async () => {
    await loadByMode(instance, relation);
    const loaded = loadedRelation(instance, relation);
    if (loaded !== undefined) return loaded;
    if (!(relation instanceof ForeignKey)) return null;
    const errors = relation.target as unknown as { DoesNotExist: new (message: string) => Error };
    throw new errors.DoesNotExist(
      `${relation.label} refers to the ${relation.target.name} ${describeValue(instance[relation.attribute])}, which does not exist.`,
    );
  };
  const lazy: PromiseLike<unknown> = {
    // biome-ignore lint/suspicious/noThenProperty: an unloaded relation is there to be awaited
    then: (onFulfilled, onRejected) => load().then(onFulfilled, onRejected),
  };
  return new Proxy(lazy, {
    get(target, name) {
      if (name === "then") return target.then;
      if (typeof name === "symbol") return undefined;
      throw notLoaded(instance, relation, name);
    },
    has: (_target, name) => name === "then",
    getPrototypeOf: () => null,
  });
}

function notLoaded(instance: ModelInstance, relation: ForeignKey | ReverseRelation, name: string): Error {
  const model = instance.constructor.name;
  return synchronousOnly(
    `${model}.${relation.name} is not loaded, so its "${name}" cannot be read synchronously. ` +
      `Await it first (const ${relation.name} = await ${model.toLowerCase()}.${relation.name}), ` +
      `or load it with the query: ${model}.objects.selectRelated("${relation.name}").`,
    `${model}.${relation.name}`,
  );
}

/**
 * Loads a relation, in the mode "peers" for every row of the same result that lacks it: one query, not one for each.
 * Source: https://docs.djangoproject.com/en/6.1/topics/db/fetch-modes/
 */
async function loadByMode(instance: ModelInstance, relation: ForeignKey | ReverseRelation): Promise<void> {
  const state = stateOf(instance);
  const mode = state.fetchMode ?? defaultFetchMode();
  if (mode === "raise") throw fetchBlocked(instance, relation);
  const peers = mode === "one" ? [instance] : (state.peers ?? [instance]);
  const lacking = peers.filter((peer) => loadedRelation(peer, relation) === undefined);
  if (!lacking.includes(instance)) lacking.push(instance);
  for (const query of queriesFor(lacking, relation)) {
    store(lacking, relation, await fetchRows({ ...query, fetchMode: state.fetchMode }));
  }
  if (relation instanceof ReverseRelation) {
    for (const each of lacking)
      if (!stateOf(each).relations.has(relation.name)) stateOf(each).relations.set(relation.name, null);
  }
}

function fetchBlocked(instance: ModelInstance, { name }: ForeignKey | ReverseRelation): FieldFetchBlocked {
  const model = instance.constructor.name;
  return new FieldFetchBlocked(
    `${model}.${name} is not loaded, and fetchMode is "raise". ` +
      `Load it with the query: ${model}.objects.selectRelated("${name}"), or prefetchRelated("${name}").`,
  );
}

function queriesFor(instances: readonly ModelInstance[], relation: ForeignKey | ReverseRelation): Query[] {
  const [model, path, attribute] =
    relation instanceof ForeignKey
      ? [relation.target, `${relation.targetField.attribute}__in`, relation.attribute]
      : [relation.to, `${relation.foreignKey.attribute}__in`, relation.foreignKey.targetField.attribute];
  const keys = [...new Set(instances.map((each) => each[attribute]).filter((key) => !isMissing(key)))];
  const alias = stateOf(instances[0] as ModelInstance).alias;
  return [...chunks(keys)].map((part) => lookupQuery(model, alias, { [path]: part }));
}

function store(
  instances: readonly ModelInstance[],
  relation: ForeignKey | ReverseRelation,
  found: readonly ModelInstance[],
): void {
  const forward = relation instanceof ForeignKey;
  const key = forward ? relation : relation.foreignKey;
  const [own, others] = forward ? [key, key.targetField] : [key.targetField, key];
  const byKey = new Map(found.map((each) => [identityOf(each[others.attribute]), each]));
  for (const instance of instances) {
    const other = byKey.get(identityOf(instance[own.attribute]));
    if (other === undefined) continue;
    stateOf(instance).relations.set(relation.name, other);
    if (!forward) stateOf(other).relations.set(relation.via, instance);
  }
}
