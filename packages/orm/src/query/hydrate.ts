import type { Backend } from "../backends/base/backend.ts";
import type { FetchMode } from "../connections.ts";
import type { Field } from "../fields/field.ts";
import type { ModelInstance } from "../models/options.ts";
import type { LoadPlan, RowPlan } from "../sql/rows.ts";
import { deferFields } from "./deferred.ts";
import { Hydrated, stateOf } from "./state.ts";

type Row = readonly unknown[];
/** The instances of each plan, in the order of the rows. */
type PeerLists = Map<LoadPlan, ModelInstance[]>;
type InstanceReader = (row: Row, peers: PeerLists) => ModelInstance | null;
type RowReader = (row: Row, peers: PeerLists) => unknown;

/** Makes what a query set gives of rows. Instances of one result know each other, so that a relation is loaded for all. */
export function hydrate(plan: RowPlan, rows: readonly Row[], backend: Backend): unknown[] {
  const read = readerFor(plan, backend);
  const peers: PeerLists = new Map();
  return rows.map((row) => read(row, peers));
}

const readers = new WeakMap<RowPlan, { readonly backend: Backend; readonly read: RowReader }>();

/** Plans are kept with their statements, and their readers with them. */
function readerFor(plan: RowPlan, backend: Backend): RowReader {
  const known = readers.get(plan);
  if (known?.backend === backend) return known.read;
  const read = rowReader(plan, backend);
  readers.set(plan, { backend, read });
  return read;
}

function rowReader(plan: RowPlan, backend: Backend): RowReader {
  if (plan.kind === "instances") return annotatedReader(plan, backend);
  const decoders = plan.columns.map(({ output, index }) => decoder(output, index, backend));
  if (plan.kind === "list") return (row) => decoders.map((decode) => decode(row));
  if (plan.kind === "flat") return decoders[0] as (row: Row) => unknown;
  const names = plan.columns.map(({ name }) => name);
  return (row) => {
    const values: Record<string, unknown> = {};
    for (const [index, decode] of decoders.entries()) values[names[index] as string] = decode(row);
    return values;
  };
}

type InstancePlan = Extract<RowPlan, { kind: "instances" }>;

/** An instance with the values that were computed for it. */
function annotatedReader({ load, annotations, carried, fetchMode }: InstancePlan, backend: Backend): RowReader {
  const read = instanceReader(load, backend, fetchMode);
  if (annotations.length === 0 && carried === undefined) return read;
  const computed = annotations.map(({ name, output, index }) => [name, decoder(output, index, backend)] as const);
  const carry = carried === undefined ? undefined : decoder(carried.output, carried.index, backend);
  return (row, peers) => {
    const instance = read(row, peers) as ModelInstance;
    for (const [name, decode] of computed) instance[name] = decode(row);
    if (carry !== undefined) stateOf(instance).carried = carry(row);
    return instance;
  };
}

function decoder(field: Field, column: number, backend: Backend): (row: Row) => unknown {
  const { valueField } = field;
  return (row) => valueField.fromDatabase(row[column], backend);
}

function instanceReader(plan: LoadPlan, backend: Backend, mode: FetchMode | undefined): InstanceReader {
  const { options, start, fields } = plan;
  const decoders = fields.map((field, index) => decoder(field, start + index, backend));
  const key = start + fields.indexOf(options.pk.keyFields[0] as Field);
  const related = plan.related.map((each) => ({ ...each, read: instanceReader(each.plan, backend, mode) }));
  const Model = options.model as unknown as new (hydrated: Hydrated) => ModelInstance;
  const deferred = options.fields.filter((field) => !fields.includes(field));
  return (row, lists) => {
    if (row[key] === null || row[key] === undefined) return null;
    let peers = lists.get(plan);
    if (peers === undefined) {
      peers = [];
      lists.set(plan, peers);
    }
    const state = {
      alias: backend.alias,
      adding: false,
      relations: new Map<string, ModelInstance | null>(),
      peers,
      fetchMode: mode,
    };
    const values = decoders.map((decode) => decode(row));
    const instance = new Model(new Hydrated(fields, values, state));
    if (deferred.length > 0) deferFields(instance, deferred);
    peers.push(instance);
    for (const { name, remote, read } of related) {
      const other = read(row, lists);
      state.relations.set(name, other);
      if (other !== null && remote !== undefined) stateOf(other).relations.set(remote, instance);
    }
    return instance;
  };
}
