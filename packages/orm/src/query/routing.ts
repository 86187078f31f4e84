import { QueryError } from "../exceptions.ts";
import type { ModelInstance, ModelType } from "../models/options.ts";
import { databaseForRead, databaseForWrite, relationAllowed } from "../routers.ts";
import type { Query } from "../sql/query.ts";
import { inAtomicBlock } from "../transaction.ts";
import { stateOf } from "./state.ts";

/**
 * A query of rows, with the database that routers choose. In a transaction of the database that the model is written to,
 * it is read there, too: a replica does not know yet what the transaction wrote. Rows that are locked are read there always.
 */
export function forReading(query: Query): Query {
  if (query.routed !== true) return query;
  const written = databaseForWrite(query.model) ?? query.alias;
  const alias =
    query.lock !== undefined || inAtomicBlock({ using: written })
      ? written
      : (databaseForRead(query.model) ?? query.alias);
  return { ...query, alias, routed: false };
}

/** A query of rows that are written. */
export function forWriting(query: Query): Query {
  if (query.routed !== true) return query;
  return { ...query, alias: databaseForWrite(query.model) ?? query.alias, routed: false };
}

/** The database that an instance is written to. */
export function writeAlias(instance: ModelInstance, using: string | undefined, model?: ModelType): string {
  if (using !== undefined) return using;
  return databaseForWrite(model ?? (instance.constructor as ModelType), instance) ?? stateOf(instance).alias;
}

/** Throws where two rows of different databases would be related, and no router allows it. */
export function refuseRelation(one: ModelInstance, other: ModelInstance, label: string): void {
  const [a, b] = [stateOf(one), stateOf(other)];
  if (a.adding || b.adding || (relationAllowed(one, other) ?? a.alias === b.alias)) return;
  throw acrossDatabases(label, a.alias, b.alias);
}

/** Throws where an instance is written to another database than one that it refers to is in. */
export function refuseRelationsTo(instance: ModelInstance, using: string): void {
  const state = stateOf(instance);
  if (!state.hasRelations) return;
  for (const [name, other] of state.relations) {
    if (other === null || stateOf(other).adding || stateOf(other).alias === using) continue;
    if (relationAllowed(instance, other) !== true) {
      throw acrossDatabases(`${instance.constructor.name}.${name}`, using, stateOf(other).alias);
    }
  }
}

function acrossDatabases(label: string, one: string, other: string): QueryError {
  return new QueryError(
    `${label}: a row in the database "${one}" cannot refer to one in "${other}". Read both from one database with ` +
      'using("…"), or allow it with the method allowRelation of a router in databaseRouters.',
  );
}
