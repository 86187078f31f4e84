import type { Backend } from "../backends/base/backend.ts";
import type { Field } from "../fields/field.ts";
import type { ModelInstance } from "../models/options.ts";
import type { LoadPlan } from "../sql/select.ts";
import { Hydrated, stateOf } from "./state.ts";

type Row = readonly unknown[];
type Reader = (row: Row, peers: PeerLists) => ModelInstance | null;
/** The instances of each plan, in the order of the rows. */
type PeerLists = Map<LoadPlan, ModelInstance[]>;

/** Makes instances of rows. Those of one result know each other, so that a relation is loaded for all at once. */
export function hydrate(plan: LoadPlan, rows: readonly Row[], backend: Backend): ModelInstance[] {
  const read = readerFor(plan, backend);
  const peers: PeerLists = new Map();
  return rows.map((row) => read(row, peers) as ModelInstance);
}

const readers = new WeakMap<LoadPlan, { readonly backend: Backend; readonly read: Reader }>();

/** Plans are kept with their statements, and their readers with them. */
function readerFor(plan: LoadPlan, backend: Backend): Reader {
  const known = readers.get(plan);
  if (known?.backend === backend) return known.read;
  const read = reader(plan, backend);
  readers.set(plan, { backend, read });
  return read;
}

function reader(plan: LoadPlan, backend: Backend): Reader {
  const { options, start } = plan;
  const decoders = options.fields.map((field, index) => {
    const { valueField } = field;
    const column = start + index;
    return (row: Row) => valueField.fromDatabase(row[column], backend);
  });
  const key = start + options.fields.indexOf(options.pk.keyFields[0] as Field);
  const related = plan.related.map((each) => ({ ...each, read: reader(each.plan, backend) }));
  const Model = options.model as unknown as new (hydrated: Hydrated) => ModelInstance;
  return (row, lists) => {
    if (row[key] === null || row[key] === undefined) return null;
    let peers = lists.get(plan);
    if (peers === undefined) {
      peers = [];
      lists.set(plan, peers);
    }
    const state = { alias: backend.alias, adding: false, relations: new Map<string, ModelInstance | null>(), peers };
    const instance = new Model(
      new Hydrated(
        decoders.map((decode) => decode(row)),
        state,
      ),
    );
    peers.push(instance);
    for (const { name, remote, read } of related) {
      const other = read(row, lists);
      state.relations.set(name, other);
      if (other !== null && remote !== undefined) stateOf(other).relations.set(remote, instance);
    }
    return instance;
  };
}
