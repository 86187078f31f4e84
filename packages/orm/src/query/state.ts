import type { FetchMode } from "../connections.ts";
import { STATE } from "../constants.ts";
import type { Field } from "../fields/field.ts";
import type { ModelInstance } from "../models/options.ts";

/** What the ORM knows of an instance. */
export interface InstanceState {
  /** The database it was read from or saved to. */
  alias: string;
  /** Whether it has no row yet. */
  adding: boolean;
  /** The related instances that are loaded, or known to be none. */
  readonly relations: Map<string, ModelInstance | null>;
  /** The rows that `prefetchRelated` loaded, by the relation's name. */
  prefetched?: Map<string, readonly ModelInstance[]> | undefined;
  /** The rows of the same result, which share the loading of relations. */
  peers: readonly ModelInstance[] | undefined;
  /** What an unloaded relation loads when it is awaited. Default: the setting `fetchMode`. */
  readonly fetchMode?: FetchMode | undefined;
  /** The key of the row that this one was prefetched for. */
  carried?: unknown;
}

/** The state of an instance. */
export function stateOf(instance: ModelInstance): InstanceState {
  return (instance as unknown as { [STATE]: InstanceState })[STATE];
}

/** Values as a database gave them, on their way into an instance's constructor. */
export class Hydrated {
  readonly fields: readonly Field[];
  /** In the order of the fields. */
  readonly values: readonly unknown[];
  readonly state: InstanceState;

  constructor(fields: readonly Field[], values: readonly unknown[], state: InstanceState) {
    this.fields = fields;
    this.values = values;
    this.state = state;
  }
}
