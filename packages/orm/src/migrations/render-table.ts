import type { Backend } from "../backends/base/backend.ts";
import { constraintName } from "../backends/base/constraint-name.ts";
import {
  type CheckDefinition,
  type ColumnDefinition,
  type IndexDefinition,
  quoteName,
  type TableDefinition,
} from "../backends/base/schema-editor.ts";
import { BadMigrationError } from "../exceptions.ts";
import type { Field } from "../fields/field.ts";
import { fieldFrom } from "../fields/field-from.ts";
import { BigIntegerField, IntegerField } from "../fields/numbers.ts";
import { ForeignKey } from "../fields/relations.ts";
import { columnExtras, type RenderedTable } from "./column-extras.ts";
import { conditionSql } from "./condition-sql.ts";
import type { ConditionState } from "./condition-state.ts";
import {
  type ConstraintState,
  type FieldState,
  type IndexState,
  type ModelState,
  modelKey,
  type ProjectState,
} from "./state.ts";
import { isColumn } from "./through-models.ts";

/** A field of a historic model, with the field that its column's values have: a relation's is the other's key. */
export interface HistoricField {
  readonly field: Field;
  readonly values: Field;
  readonly target?: { readonly model: ModelState; readonly column: string };
}

/** A field of a historic model that has a column. */
export function historicField(state: ProjectState, model: ModelState, name: string): HistoricField {
  const spec = model.fields[name];
  if (spec === undefined) throw noSuchField(model, name);
  const field = fieldFrom(spec).bind(name);
  if (spec.to === undefined || !(field instanceof ForeignKey)) return { field, values: field.valueField };
  const target = state.find(spec.to);
  if (target === undefined) {
    throw new BadMigrationError(`${modelKey(model)}.${name} refers to ${spec.to}, which does not exist at this point.`);
  }
  const keyName = keyNameOf(spec, target);
  if (keyName === undefined) {
    throw new BadMigrationError(
      `${modelKey(model)}.${name} refers to ${spec.to}, which has no primary key at this point.`,
    );
  }
  const key = historicField(state, target, keyName);
  field.resolve(key.values);
  return { field, values: key.values, target: { model: target, column: key.field.column } };
}

/** The name of the field that a relation refers to. */
function keyNameOf({ options }: FieldState, target: ModelState): string | undefined {
  if (typeof options["toField"] === "string") return options["toField"];
  return Object.entries(target.fields).find(([, each]) => each.options["primaryKey"] === true)?.[0];
}

/** The table of a model at one point of its history, on one database. */
export function renderTable(state: ProjectState, model: ModelState, backend: Backend): TableDefinition {
  const columns = Object.entries(model.fields).filter(([, spec]) => isColumn(spec));
  const fields = columns.map(([name]) => historicField(state, model, name));
  const column = (name: string) => historicField(state, model, fieldNameOf(model, name));
  const key = keyOf(model, column);
  // While one key takes the other's place, the one of several columns counts.
  const alone = (each: ColumnDefinition) => (key.primaryKey ? { ...each, primaryKey: false, auto: false } : each);
  return {
    name: model.dbTable,
    ...(model.dbTableComment !== undefined && { comment: model.dbTableComment }),
    columns: fields.map((each) => alone(columnOf(each, { model, fields: fields.map(({ field }) => field), backend }))),
    ...key,
    indexes: [
      ...fields.flatMap((each) => fieldIndexes(each, model)),
      ...model.indexes.map((index) => indexOf(index, column, backend)),
      ...model.constraints.flatMap((constraint) => uniqueIndex(constraint, column, backend)),
    ],
    checks: [
      ...fields.flatMap((each) => fieldChecks(each, model)),
      ...model.constraints.flatMap((constraint) => checkOf(constraint, column, backend)),
    ],
  };
}

/** A primary key of several columns. */
function keyOf(model: ModelState, column: ColumnLookup): Pick<TableDefinition, "primaryKey"> {
  const key = Object.values(model.fields).find(({ kind }) => kind === "compositePrimaryKey");
  if (key === undefined) return {};
  const columns = (key.options["names"] as readonly string[]).map((name) => column(name).field.column);
  return { primaryKey: { name: constraintName(model.dbTable, columns, "pk"), columns } };
}

type ColumnLookup = (name: string) => HistoricField;

/** Conditions may speak of a relation's column: `authorId`. */
function fieldNameOf(model: ModelState, name: string): string {
  if (Object.hasOwn(model.fields, name)) return name;
  const relation = name.replace(/Id$/, "");
  return model.fields[relation]?.to === undefined ? name : relation;
}

function columnOf({ field, values, target }: HistoricField, table: RenderedTable): ColumnDefinition {
  const { model, backend } = table;
  const type = backend.operations.columnType(values);
  const scaled = values.storage === "decimal" && /^(big)?int/i.test(type);
  return {
    name: field.column,
    type,
    null: field.null,
    primaryKey: field.primaryKey,
    auto: field.auto,
    ...(target && field.options["dbConstraint"] !== false && { references: referenceOf(field, target, model) }),
    ...(scaled && { scale: Number(values.options["decimalPlaces"]) }),
    ...columnExtras(field, table),
  };
}

function referenceOf(
  field: Field,
  { model: target, column }: NonNullable<HistoricField["target"]>,
  model: ModelState,
): NonNullable<ColumnDefinition["references"]> {
  const name = constraintName(model.dbTable, [field.column, target.dbTable, column], "fk");
  return { name, table: target.dbTable, column };
}

function fieldIndexes({ field }: HistoricField, { dbTable }: ModelState): IndexDefinition[] {
  if (field.primaryKey || (!field.unique && !field.indexed)) return [];
  const suffix = field.unique ? "uniq" : "idx";
  return [
    {
      name: constraintName(dbTable, [field.column], suffix),
      columns: [{ name: field.column, descending: false }],
      unique: field.unique,
    },
  ];
}

function fieldChecks({ field, values }: HistoricField, { dbTable }: ModelState): CheckDefinition[] {
  const numbered = field instanceof IntegerField || field instanceof BigIntegerField;
  if (values !== field || !numbered || Number(field.bounds[0]) !== 0) return [];
  return [{ name: constraintName(dbTable, [field.column], "check"), sql: `${quoteName(field.column)} >= 0` }];
}

function indexOf(index: IndexState, column: ColumnLookup, backend: Backend): IndexDefinition {
  // Elsewhere it is an index as any other: what it makes fast there is another thing.
  const { using, opclasses = [] }: Partial<IndexState> = backend.features.postgresExtras ? index : {};
  return {
    name: index.name,
    columns: index.fields.map((name, position) => ({
      name: column(name.replace(/^-/, "")).field.column,
      descending: name.startsWith("-"),
      ...(opclasses[position] !== undefined && { opclass: opclasses[position] }),
    })),
    unique: false,
    ...(using !== undefined && using !== "btree" && { method: using }),
    ...(index.where && { where: sqlOf(index.where, column, backend) }),
  };
}

function uniqueIndex(constraint: ConstraintState, column: ColumnLookup, backend: Backend): IndexDefinition[] {
  if (!("unique" in constraint)) return [];
  const { name, unique, where } = constraint;
  return [
    {
      name,
      columns: unique.map((each) => ({ name: column(each).field.column, descending: false })),
      unique: true,
      ...(where && { where: sqlOf(where, column, backend) }),
    },
  ];
}

function checkOf(constraint: ConstraintState, column: ColumnLookup, backend: Backend): CheckDefinition[] {
  return "check" in constraint ? [{ name: constraint.name, sql: sqlOf(constraint.check, column, backend) }] : [];
}

function sqlOf(condition: ConditionState, column: ColumnLookup, backend: Backend): string {
  return conditionSql(condition, (name) => {
    const { field, values } = column(name);
    return { sql: quoteName(field.column), literal: (value) => literalOf(values, value, backend) };
  });
}

/** A field's value as DDL takes it. */
export function literalOf(field: Field, value: unknown, backend: Backend): string {
  return backend.operations.literal(field.toDatabase(value, backend));
}

function noSuchField(model: ModelState, name: string): BadMigrationError {
  return new BadMigrationError(
    `${modelKey(model)} has no field ${name} at this point; it has ${Object.keys(model.fields).join(", ")}.`,
  );
}
