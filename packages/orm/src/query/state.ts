import type { FetchMode } from "../connections.ts";
import { STATE } from "../constants.ts";
import type { ModelInstance } from "../models/options.ts";

type Relations = Map<string, ModelInstance | null>;

/** What the ORM knows of an instance. */
export class InstanceState {
  /** The database it was read from or saved to. */
  alias: string;
  /** Whether it has no row yet. */
  adding: boolean;
  /** The rows that `prefetchRelated` loaded, by the relation's name. */
  prefetched: Map<string, readonly ModelInstance[]> | undefined = undefined;
  /** The rows of the same result, which share the loading of relations. */
  peers: readonly ModelInstance[] | undefined;
  /** What an unloaded relation loads when it is awaited. Default: the setting `fetchMode`. */
  readonly fetchMode: FetchMode | undefined;
  /** The key of the row that this one was prefetched for. */
  carried: unknown = undefined;
  // Most instances have none: a map for each would cost as much as the instance.
  #relations: Relations | undefined = undefined;

  constructor(
    alias: string,
    adding: boolean,
    peers?: readonly ModelInstance[] | undefined,
    fetchMode?: FetchMode | undefined,
  ) {
    this.alias = alias;
    this.adding = adding;
    this.peers = peers;
    this.fetchMode = fetchMode;
  }

  /** The related instances that are loaded, or known to be none. */
  get relations(): Relations {
    this.#relations ??= new Map();
    return this.#relations;
  }
  get hasRelations(): boolean {
    return this.#relations !== undefined && this.#relations.size > 0;
  }
}

/** The state of an instance. */
export function stateOf(instance: ModelInstance): InstanceState {
  return (instance as unknown as { [STATE]: InstanceState })[STATE];
}

/** A row as a database gave it, on its way into an instance's constructor. */
export class Hydrated {
  row: readonly unknown[] = [];
  state: InstanceState | undefined;
  readonly fill: (instance: object, row: readonly unknown[]) => void;

  constructor(fill: Hydrated["fill"]) {
    this.fill = fill;
  }
}
