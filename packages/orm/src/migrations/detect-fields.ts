import { isDeepStrictEqual } from "node:util";
import { appOf } from "./detect-models.ts";
import { addField, alterField, removeField } from "./operations/fields.ts";
import type { PlannedOperation } from "./planned-operation.ts";
import { type FieldState, type ModelState, modelKey } from "./state.ts";
import { isColumn, isManyToMany } from "./through-models.ts";

/** A field for which existing rows would have no value. */
export interface FieldQuestion {
  /** `blog.Book.pages`. */
  readonly key: string;
  readonly field: FieldState;
  readonly change: "added" | "altered";
}

/** What happened to the fields of a model that stays: one kind of change at a time, as their order matters. */
export function detectFields(
  before: ModelState,
  after: ModelState,
  fills: ReadonlyMap<string, unknown>,
  change: "removed" | "added" | "altered",
): PlannedOperation[] {
  const { app, name: model } = after;
  const key = modelKey(after);
  const removals = removedNames(before, after).map((name) => `-${key}.${name}`);
  const fill = (name: string) => (fills.has(`${key}.${name}`) ? { fill: fills.get(`${key}.${name}`) } : undefined);
  const relation = ({ to }: FieldState) =>
    to === undefined || to === key ? { needs: [], uses: [] } : { needs: [`+${to}`], uses: [appOf(to)] };
  switch (change) {
    case "removed":
      return removedNames(before, after).map((name) => ({
        app,
        operation: removeField(model, name),
        provides: [`-${key}.${name}`],
        needs: [],
        uses: [],
      }));
    case "added":
      return removedNames(after, before).map((name) => {
        const field = after.fields[name]!;
        const { needs, uses } = relation(field);
        const operation = addField(model, name, field, fill(name));
        const parts = partsOf(field).flatMap((part) => [`+${key}.${part}`, `~${key}.${part}`]);
        return { app, operation, provides: [`+${key}.${name}`], needs: [...needs, ...removals, ...parts], uses };
      });
    case "altered":
      return alteredNames(before, after).map((name) => {
        const field = after.fields[name]!;
        const { needs, uses } = relation(field);
        return {
          app,
          operation: alterField(model, name, field, fill(name)),
          provides: [`~${key}.${name}`],
          needs,
          uses,
        };
      });
  }
}

/** The fields of a model that stays for which its rows would have no value. */
export function fieldQuestions(before: ModelState, after: ModelState): FieldQuestion[] {
  const question = (name: string, change: FieldQuestion["change"]): FieldQuestion => ({
    key: `${modelKey(after)}.${name}`,
    field: after.fields[name]!,
    change,
  });
  return [
    ...removedNames(after, before).map((name) => question(name, "added")),
    ...alteredNames(before, after)
      .filter((name) => before.fields[name]?.options["null"] === true)
      .map((name) => question(name, "altered")),
  ].filter(({ field }) => needsValue(field));
}

function needsValue({ kind, options }: FieldState): boolean {
  if (["manyToMany", "compositePrimaryKey", "generated"].includes(kind)) return false;
  const given = ["default", "dbDefault"].some((name) => name in options);
  const filled = options["null"] || given || options["autoNow"] || options["autoNowAdd"];
  return !filled && !isAutomatic(kind);
}

/** Whether the database numbers fields of this kind itself. */
function isAutomatic(kind: string): boolean {
  return /auto$/i.test(kind);
}

function removedNames(before: ModelState, after: ModelState): string[] {
  const names = Object.keys(before.fields).filter(
    (name) => !Object.hasOwn(after.fields, name) || isReplaced(before.fields[name]!, after.fields[name]!),
  );
  // A key of several fields goes before its parts.
  return names.sort((a, b) => partsOf(before.fields[b]!).length - partsOf(before.fields[a]!).length);
}

/** The fields that a key is made of, which may be named by their columns' attributes. */
function partsOf({ kind, options }: FieldState): string[] {
  if (kind !== "compositePrimaryKey") return [];
  return (options["names"] as readonly string[]).flatMap((name) => [name, name.replace(/Id$/, "")]);
}

function alteredNames(before: ModelState, after: ModelState): string[] {
  return Object.keys(after.fields).filter((name) => {
    const [old, now] = [before.fields[name], after.fields[name]];
    return old !== undefined && now !== undefined && !isDeepStrictEqual(old, now) && !isReplaced(old, now);
  });
}

/** Whether a field becomes something of which nothing can go on: a column and a table of links, and such. */
function isReplaced(before: FieldState, after: FieldState): boolean {
  const shape = (field: FieldState) =>
    isColumn(field)
      ? "column"
      : isManyToMany(field)
        ? `links ${field.options["through"] !== undefined}`
        : `key ${partsOf(field).join()}`;
  return shape(before) !== shape(after);
}
