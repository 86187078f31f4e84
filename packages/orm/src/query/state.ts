import type { FetchMode } from "../connections.ts";
import { STATE } from "../constants.ts";
import type { ModelInstance } from "../models/options.ts";
import { LoadedRelations } from "./loaded-relations.ts";

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
  /** Whether some of its fields were not loaded. */
  deferred = false;
  // Most instances have none.
  #relations: LoadedRelations | undefined = undefined;

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
  get relations(): LoadedRelations {
    this.#relations ??= new LoadedRelations();
    return this.#relations;
  }
  /** The related instance of this name; undefined where nothing is known of it. */
  relation(name: string): ModelInstance | null | undefined {
    return this.#relations?.get(name);
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
