import type { Backend } from "../backends/base/backend.ts";
import { TimeSlice } from "../backends/base/time-slice.ts";
import type { Field } from "../fields/field.ts";
import type { ModelInstance } from "../models/options.ts";
import type { ValuesOptions } from "../sql/query.ts";
import type { LoadPlan, NamedColumn, RowPlan } from "../sql/rows.ts";
import { decoderOf } from "./decoders.ts";
import { deferFields } from "./deferred.ts";
import { fillerOf, listOf, namedOf, objectOf, type ReadColumn, type Row, valueIn } from "./row-code.ts";
import { Hydrated, InstanceState, stateOf } from "./state.ts";

type ReadRow = (row: Row) => unknown;
type ReadInstance = (row: Row) => ModelInstance | null;
/** Gives what reads the rows of one result. */
type Begin = () => ReadRow;

const readers = new WeakMap<RowPlan, { readonly backend: Backend; readonly begin: Begin }>();

/** After how many rows the clock is looked at. */
const BETWEEN_LOOKS = 100;

/** Makes what a query set gives of rows. Instances of one result know each other, so that a relation is loaded for all. */
export function hydrate(plan: RowPlan, rows: readonly Row[], backend: Backend): unknown[] {
  const read = readerOf(plan, backend)();
  const found: unknown[] = [];
  for (let n = 0; n < rows.length; n++) found.push(read(rows[n] as Row));
  return found;
}

/** As `hydrate`, with turns for others in between. Throws `QueryAborted` where nobody waits for the rows any more. */
export async function hydrateInSlices(plan: RowPlan, rows: readonly Row[], backend: Backend): Promise<unknown[]> {
  const read = readerOf(plan, backend)();
  const found: unknown[] = [];
  const slice = new TimeSlice();
  for (let n = 0; n < rows.length; n++) {
    found.push(read(rows[n] as Row));
    if (n % BETWEEN_LOOKS === 0 && slice.over) await slice.next();
  }
  return found;
}

/** Plans are kept with their statements, and their readers with them. */
function readerOf(plan: RowPlan, backend: Backend): Begin {
  let known = readers.get(plan);
  if (known?.backend !== backend) {
    known = { backend, begin: rowReader(plan, backend) };
    readers.set(plan, known);
  }
  return known.begin;
}

function rowReader(plan: RowPlan, backend: Backend): Begin {
  if (plan.kind === "instances") return annotatedReader(plan, backend);
  const columns = plan.columns.map((column) => readColumn(column, backend));
  const read = READERS[plan.kind](columns);
  return () => read;
}

const READERS: Readonly<Record<ValuesOptions["form"], (columns: readonly ReadColumn[]) => ReadRow>> = {
  object: objectOf,
  list: listOf,
  named: namedOf,
  flat: oneOf,
};

function oneOf([column]: readonly ReadColumn[]): ReadRow {
  const { index, decode, gather } = column as ReadColumn;
  return gather ?? (decode === undefined ? (row) => row[index] : (row) => decode(row[index]));
}

function readColumn({ name, output, index }: NamedColumn, backend: Backend): ReadColumn {
  if (output.hasColumn) return { name, index, decode: decoderOf(output, backend) };
  const parts = output.keyFields.map((field, n) => ({ name, index: index + n, decode: decoderOf(field, backend) }));
  return { name, index, decode: undefined, gather: (row) => keyOf(parts, row) };
}

/** A key of several columns; null where there is no row. */
function keyOf(parts: readonly ReadColumn[], row: Row): readonly unknown[] | null {
  const values = parts.map((part) => valueIn(part, row));
  return values.includes(null) ? null : Object.freeze(values);
}

type InstancePlan = Extract<RowPlan, { kind: "instances" }>;

/** Instances, with the values that were computed for them. */
function annotatedReader({ load, annotations, carried, fetchMode }: InstancePlan, backend: Backend): Begin {
  const begin = instanceReader(load, backend, fetchMode);
  if (annotations.length === 0 && carried === undefined) return begin;
  const annotate = fillerOf(annotations.map((column) => readColumn(column, backend)));
  const carry = carried && readColumn(carried, backend);
  return () => {
    const read = begin();
    return (row) => {
      const instance = read(row);
      if (instance === null) return null;
      if (annotations.length > 0) annotate(instance, row);
      if (carry !== undefined) {
        stateOf(instance).carried = valueIn(carry, row);
      }
      return instance;
    };
  };
}

/** For each result a function that makes instances of rows, each with the instances that were made before it. */
function instanceReader(plan: LoadPlan, backend: Backend, fetchMode: InstanceState["fetchMode"]): () => ReadInstance {
  const { options, start, fields } = plan;
  const fill = fillerOf(
    fields.map((field, n) => ({ name: field.attribute, index: start + n, decode: decoderOf(field, backend) })),
  );
  const key = start + fields.indexOf(options.pk.keyFields[0] as Field);
  const related = plan.related.map((each) => ({ ...each, begin: instanceReader(each.plan, backend, fetchMode) }));
  const Model = options.model as unknown as new (hydrated: Hydrated) => ModelInstance;
  const deferred = options.fields.filter((field) => !fields.includes(field));
  const { alias } = backend;
  return () => {
    const peers: ModelInstance[] = [];
    const hydrated = new Hydrated(fill);
    const others = related.map(({ name, remote, begin }) => ({ name, remote, read: begin() }));
    return (row) => {
      if (row[key] === null || row[key] === undefined) return null;
      const state = new InstanceState(alias, false, peers, fetchMode);
      hydrated.row = row;
      hydrated.state = state;
      const instance = new Model(hydrated);
      if (deferred.length > 0) deferFields(instance, deferred);
      peers.push(instance);
      for (const { name, remote, read } of others) {
        const other = read(row);
        state.relations.set(name, other);
        if (other !== null && remote !== undefined) stateOf(other).relations.set(remote, instance);
      }
      return instance;
    };
  };
}
