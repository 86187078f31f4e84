import type { Backend } from "../backends/base/backend.ts";
import type { TableChange, TableDefinition } from "../backends/base/schema-editor.ts";
import { type MovedTable, movedTable } from "../backends/base/table-renames.ts";
import { type HistoricField, historicField, literalOf, renderTable } from "./render-table.ts";
import { type ModelState, modelKey, type ProjectState } from "./state.ts";
import { isColumn, type ThroughTable, throughTable } from "./through-models.ts";

/** What is changed of one model. */
export interface ModelChange {
  /** The model's key (`"blog.Book"`) after the change; before it, where it is gone then. */
  readonly key: string;
  /** Its key before, where it was another one. */
  readonly was?: string;
  /** Fields that were called otherwise: name after → name before. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Values by field for rows that have none. */
  readonly fills?: Readonly<Record<string, unknown>>;
}

/** What the change of one model happens between. */
export interface ChangeContext {
  readonly from: ProjectState;
  readonly to: ProjectState;
  readonly backend: Backend;
}

/** What has to be done to one table. */
export type TableStep =
  | { readonly kind: "create"; readonly table: TableDefinition }
  | { readonly kind: "drop"; readonly table: TableDefinition }
  | { readonly kind: "alter"; readonly change: TableChange };

/** One table's model before and after. */
interface Pair {
  readonly before: ModelState | undefined;
  readonly after: ModelState | undefined;
  readonly renamed: Readonly<Record<string, string>>;
}

/** What makes one model's tables as they are in `to`; tables that refer to it follow where they must. */
export function tableChanges(change: ModelChange, context: ChangeContext): TableStep[] {
  const { from, to } = context;
  const before = from.find(change.was ?? change.key);
  const after = to.find(change.key);
  if (before?.managed === false || after?.managed === false) return [];
  const own: Pair = { before, after, renamed: change.renamed ?? {} };
  const links = linkPairs(own);
  if (before === undefined || after === undefined) {
    const steps = [own, ...links].flatMap((pair) => pairSteps(pair, context));
    return after === undefined ? steps.reverse() : steps;
  }
  const [first] = pairSteps(own, context, { fills: change.fills ?? {} });
  const names = first?.kind === "alter" ? movedTable(first.change) : undefined;
  const moves = names !== undefined && (names.from !== names.to || names.columns.size > 0);
  return [
    ...(first ? [first] : []),
    ...[...links, ...referrers(change, context)].flatMap((pair) =>
      pairSteps(pair, context, moves ? { moved: names } : {}),
    ),
  ];
}

/** The tables of links of a model's own relations. */
function linkPairs({ before, after, renamed }: Pair): Pair[] {
  const names = new Set([...Object.keys(after?.fields ?? {})]);
  const olds = new Set([...names].map((name) => renamed[name] ?? name));
  const gone = Object.keys(before?.fields ?? {}).filter((name) => !olds.has(name));
  const pair = (old: string | undefined, now: string | undefined) =>
    linkPair(
      before && old !== undefined ? throughTable(before, old) : undefined,
      after && now !== undefined ? throughTable(after, now) : undefined,
    );
  return [
    ...gone.map((name) => pair(name, undefined)),
    ...[...names].map((name) => pair(renamed[name] ?? name, name)),
  ].filter((each) => each !== undefined);
}

function linkPair(before: ThroughTable | undefined, after: ThroughTable | undefined): Pair | undefined {
  if (before === undefined && after === undefined) return undefined;
  const renamed = before && after ? { [after.source]: before.source, [after.target]: before.target } : {};
  return { before: before?.model, after: after?.model, renamed };
}

/** The other tables with a reference to this model, before and after. */
function referrers({ key, was = key }: ModelChange, { from, to }: ChangeContext): Pair[] {
  return [...to.models.values()].flatMap((after): Pair[] => {
    const refers = Object.values(after.fields).some((field) => field.to === key);
    if (!refers || modelKey(after) === key || !after.managed) return [];
    const before = from.find(modelKey(after));
    if (before === undefined) return [];
    const fields = Object.entries(after.fields).filter(([, { to }]) => to === key);
    const old = (name: string) => before.fields[name]?.to === was;
    const columns = fields.some(([name, spec]) => isColumn(spec) && old(name));
    const links = fields.map(([name]) => linkPair(throughTable(before, name), throughTable(after, name)));
    return [...(columns ? [{ before, after, renamed: {} }] : []), ...links.filter((each) => each !== undefined)];
  });
}

function pairSteps(
  { before, after, renamed }: Pair,
  context: ChangeContext,
  { fills = {}, moved }: { fills?: Readonly<Record<string, unknown>>; moved?: MovedTable } = {},
): TableStep[] {
  const { from, to, backend } = context;
  if (before === undefined) return after ? [{ kind: "create", table: renderTable(to, after, backend) }] : [];
  if (after === undefined) return [{ kind: "drop", table: renderTable(from, before, backend) }];
  const tables = { from: renderTable(from, before, backend), to: renderTable(to, after, backend) };
  if (JSON.stringify(tables.from) === JSON.stringify(tables.to)) return [];
  const sources = new Map<string, string>();
  const literals = new Map<string, string>();
  for (const [name, spec] of Object.entries(after.fields)) {
    if (!isColumn(spec)) continue;
    const was = renamed[name] ?? name;
    const now = historicField(to, after, name);
    const spelled = Object.hasOwn(before.fields, was) && isColumn(before.fields[was]!);
    const old = spelled ? historicField(from, before, was) : undefined;
    if (old) sources.set(now.field.column, old.field.column);
    const value = fillFor(old, now, fills);
    if (value !== undefined) literals.set(now.field.column, literalOf(now.values, value, backend));
    else if (old?.field.null === true && !now.field.null) {
      const given = tables.to.columns.find((column) => column.name === now.field.column)?.default;
      if (given !== undefined) literals.set(now.field.column, given);
    }
  }
  return [{ kind: "alter", change: { ...tables, sources, fills: literals, ...(moved && { moved }) } }];
}

/** What rows get that have no value: what the operation says, else what a new row would get. */
function fillFor(
  old: HistoricField | undefined,
  { field }: HistoricField,
  fills: Readonly<Record<string, unknown>>,
): unknown {
  const loses = old?.field.null === true && !field.null;
  if (old !== undefined && !loses) return undefined;
  if (Object.hasOwn(fills, field.name)) return fills[field.name];
  return field.makeDefault() ?? field.preSave(true) ?? undefined;
}
