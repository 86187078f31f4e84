import type { Backend } from "../backends/base/backend.ts";
import type { SchemaEditor } from "../backends/base/schema-editor.ts";
import { type HistoricField, historicField, literalOf, renderTable } from "./render-table.ts";
import { type ModelState, modelKey, type ProjectState, sortedModels } from "./state.ts";

/** What the change of one model happens between. */
export interface ChangeContext {
  readonly from: ProjectState;
  readonly to: ProjectState;
  /** Values by field for rows that have none. */
  readonly fills: Readonly<Record<string, unknown>>;
  readonly editor: SchemaEditor;
  readonly backend: Backend;
}

/** The statements that make one model's table as it is in `to`; tables that refer to it follow where they must. */
export function tableChanges(key: string, context: ChangeContext): string[] {
  const { from, to, editor, backend } = context;
  const before = from.find(key);
  const after = to.find(key);
  if (before?.managed === false || after?.managed === false) return [];
  if (before === undefined) return after === undefined ? [] : editor.createTable(renderTable(to, after, backend));
  if (after === undefined) return editor.dropTable(renderTable(from, before, backend));
  return [
    ...alterStatements(before, after, context),
    ...referrers(key, context).flatMap(([old, now]) => alterStatements(old, now, { ...context, fills: {} })),
  ];
}

/** The other models with a relation to this one, before and after. */
function referrers(key: string, { from, to }: ChangeContext): [before: ModelState, after: ModelState][] {
  return sortedModels(to).flatMap((after): [ModelState, ModelState][] => {
    const before = from.find(modelKey(after));
    const refers = modelKey(after) !== key && Object.values(after.fields).some((field) => field.to === key);
    return before && refers && after.managed ? [[before, after]] : [];
  });
}

function alterStatements(before: ModelState, after: ModelState, context: ChangeContext): string[] {
  const { from, to, editor, backend } = context;
  const tables = { from: renderTable(from, before, backend), to: renderTable(to, after, backend) };
  if (JSON.stringify(tables.from) === JSON.stringify(tables.to)) return [];
  const sources = new Map<string, string>();
  const fills = new Map<string, string>();
  for (const name of Object.keys(after.fields)) {
    const now = historicField(to, after, name);
    const old = Object.hasOwn(before.fields, name) ? historicField(from, before, name) : undefined;
    if (old) sources.set(now.field.column, old.field.column);
    const value = fillFor(old, now, context);
    if (value !== undefined) fills.set(now.field.column, literalOf(now.values, value, backend));
  }
  return editor.alterTable({ ...tables, sources, fills });
}

/** What rows get that have no value: what the operation says, else what a new row would get. */
function fillFor(old: HistoricField | undefined, { field }: HistoricField, { fills }: ChangeContext): unknown {
  const loses = old?.field.null === true && !field.null;
  if (old !== undefined && !loses) return undefined;
  if (Object.hasOwn(fills, field.name)) return fills[field.name];
  return field.makeDefault() ?? field.preSave(true) ?? undefined;
}
