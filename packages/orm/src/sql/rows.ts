import { didYouMean } from "@tsjango/kernel/utils";
import type { FetchMode } from "../connections.ts";
import { SEPARATOR } from "../constants.ts";
import { QueryError } from "../exceptions.ts";
import type { Field } from "../fields/field.ts";
import { ForeignKey, ReverseRelation } from "../fields/relations.ts";
import type { Options } from "../models/options.ts";
import type { Select } from "./begin.ts";
import { keyColumns } from "./composite-lookup.ts";
import { type Compiled, type Context, NO_USES } from "./context.ts";
import { columnNode } from "./nodes.ts";
import { findRelation, hopsOf } from "./path.ts";
import { compilePath } from "./path-compiler.ts";
import type { Query, ValuesOptions } from "./query.ts";

/** Which columns of a result are which instance: its own, and those of the relations loaded with it. */
export interface LoadPlan {
  readonly options: Options;
  /** The fields that are read, in the order of the columns. */
  readonly fields: readonly Field[];
  /** Where its columns begin. */
  readonly start: number;
  readonly related: readonly { readonly name: string; readonly remote: string | undefined; readonly plan: LoadPlan }[];
}

/** A column that is not a field of an instance; of a key of several columns the first of them. */
export interface NamedColumn {
  readonly name: string;
  readonly output: Field;
  readonly index: number;
}

/** How the columns of a result become what a query set gives. */
export type RowPlan =
  | {
      readonly kind: "instances";
      readonly load: LoadPlan;
      readonly annotations: readonly NamedColumn[];
      readonly fetchMode: FetchMode | undefined;
      /** What an instance carries besides. */
      readonly carried: NamedColumn | undefined;
    }
  | { readonly kind: ValuesOptions["form"]; readonly columns: readonly NamedColumn[] };

/** The columns of a query's rows, with the plan to read them. */
export function planRows(select: Select): { readonly columns: Compiled[]; readonly plan: RowPlan } {
  const { query, context } = select;
  const { values } = query;
  if (values !== undefined) {
    const columns: Compiled[] = [];
    const found = values.names.map((name) =>
      named(columns, name, select.values.get(name) ?? compilePath(context, name)),
    );
    return { columns, plan: { kind: values.form, columns: found } };
  }
  const { columns, load } = planInstances(select);
  const annotations = query.steps.flatMap((step) => (step.kind === "annotation" && step.selected ? [step.name] : []));
  const computed = annotations.map((name) => named(columns, name, context.annotations.get(name) as Compiled));
  const { fetchMode } = query;
  return {
    columns,
    plan: { kind: "instances", load, annotations: computed, fetchMode, carried: carriedColumn(select, columns) },
  };
}

/** Adds a value to the columns: several of them for a key that has several. */
function named(columns: Compiled[], name: string, compiled: Compiled): NamedColumn {
  const { output } = compiled;
  const index = columns.length;
  if (output.hasColumn) columns.push(compiled);
  else {
    for (const [n, node] of keyColumns(compiled).entries()) {
      columns.push({ ...compiled, node, output: output.keyFields[n] as Field, columns: [node] });
    }
  }
  return { name, output, index };
}

function carriedColumn({ query: { carried }, context }: Select, columns: Compiled[]): NamedColumn | undefined {
  if (carried === undefined) return undefined;
  const compiled = compilePath(context, carried);
  return { name: carried, output: compiled.output, index: columns.push(compiled) - 1 };
}

/** The columns of the model and of `selectRelated`. */
function planInstances({ query, context }: Select): { readonly columns: Compiled[]; readonly load: LoadPlan } {
  const columns: Compiled[] = [];
  const { joins } = context;
  const others = new Map(query.relatedAttributes);
  const visit = (options: Options, names: readonly string[], paths: readonly string[][]): LoadPlan => {
    const alias = aliasOf(context, names);
    const start = columns.length;
    const wanted = names.length === 0 ? query.attributes : others.get(names.join(SEPARATOR));
    const fields = readFields(options, wanted);
    for (const field of fields) columns.push(columnOf(alias, field, names.length > 0));
    const heads = [...new Set(paths.map(([head]) => head as string))];
    const related = heads.map((name) => {
      const relation = findRelation(options, name);
      const [hop, second] = relation === undefined ? [] : hopsOf(relation);
      if (hop === undefined || hop.multiple || second !== undefined) throw notRelated(options, name);
      const rest = paths.filter(([head, next]) => head === name && next !== undefined).map((path) => path.slice(1));
      const plan = visit(hop.to, [...names, name], rest);
      const remote = relation instanceof ReverseRelation ? relation.via : undefined;
      return { name, remote, plan };
    });
    return { options, fields, start, related };
  };
  for (const path of others.keys()) requireLoaded(query, path);
  const paths = query.selectRelated.map((path) => path.split(SEPARATOR));
  return { columns, load: visit(joins.options, [], paths) };
}

/** Fields are chosen of rows that are loaded with the others. */
function requireLoaded({ selectRelated }: Query, path: string): void {
  if (selectRelated.some((each) => each === path || each.startsWith(`${path}${SEPARATOR}`))) return;
  throw new QueryError(
    `only() and defer() name fields of "${path}", whose rows are not loaded: add selectRelated("${path}").`,
  );
}

/** The attributes wanted, and the key always. */
function readFields(options: Options, attributes: readonly string[] | undefined): readonly Field[] {
  if (attributes === undefined) return options.fields;
  return options.fields.filter((field) => options.pk.keyFields.includes(field) || attributes.includes(field.attribute));
}

function columnOf(alias: string, field: Field, joined: boolean): Compiled {
  const node = columnNode(alias, field.column);
  return { ...NO_USES, node, output: field, nullable: joined || field.null, columns: [node] };
}

/** The table that relations to one row lead to. */
export function aliasOf({ joins }: Context, names: readonly string[]): string {
  let { options } = joins;
  const hops = names.flatMap((name) => {
    const found = hopsOf(findRelation(options, name) as ForeignKey);
    options = (found.at(-1) as { to: Options }).to;
    return found;
  });
  return joins.walk(hops, "all").at(-1) ?? joins.base;
}

function notRelated(options: Options, name: string): QueryError {
  const choices = [
    ...options.fields.filter((field) => field instanceof ForeignKey),
    ...options.reverseRelations.filter((relation) => relation.one),
  ].map((field) => field.name);
  return new QueryError(
    `selectRelated: "${name}" of ${options.modelName} is no relation to one row.${didYouMean(name, choices)} ` +
      (choices.length > 0 ? `Choices: ${choices.join(", ")}.` : `${options.modelName} has none.`),
  );
}
