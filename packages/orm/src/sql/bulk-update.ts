import {
  AndNode,
  ColumnNode,
  ColumnUpdateNode,
  type OperationNode,
  OrNode,
  ParensNode,
  PrimitiveValueListNode,
  RawNode,
  TableNode,
  UpdateQueryNode,
  ValueNode,
  WhereNode,
} from "kysely";
import type { Backend, CompiledStatement } from "../backends/base/backend.ts";
import type { Field } from "../fields/field.ts";
import type { ModelInstance, Options } from "../models/options.ts";
import { binary, columnNode } from "./nodes.ts";

interface Row {
  readonly instance: ModelInstance;
  /** In the order of the fields. */
  readonly values: readonly unknown[];
}

/** `update … set a = case id when 1 then … end` of several rows at once, each with values of its own. */
export function compileBulkUpdate(
  backend: Backend,
  options: Options,
  fields: readonly Field[],
  rows: readonly Row[],
): CompiledStatement {
  const { dbTable, pk } = options;
  const isRow = ({ instance }: Row): OperationNode =>
    pk.keyFields
      .map((part) => binary(columnNode(dbTable, part.column), "=", valueNode(backend, part, instance[part.attribute])))
      .reduce(AndNode.create);
  const updates = fields.map((field, index) => {
    const column = columnNode(dbTable, field.column);
    const values = rows.map((row) => ValueNode.create(field.toSave(row.values[index], backend)));
    return ColumnUpdateNode.create(ColumnNode.create(field.column), choice(rows.map(isRow), values, column));
  });
  return backend.compileQuery({
    ...UpdateQueryNode.create([TableNode.create(dbTable)]),
    updates,
    where: WhereNode.create(anyRow(backend, options, rows, isRow)),
  });
}

/** The column itself as the last choice gives PostgreSQL the type of the others; no row that is updated comes there. */
function choice(
  conditions: readonly OperationNode[],
  values: readonly OperationNode[],
  column: OperationNode,
): OperationNode {
  const nodes = conditions.flatMap((condition, index) => [condition, values[index] as OperationNode]);
  const between = nodes.slice(1).map((_, index) => (index % 2 === 0 ? " then " : " when "));
  return RawNode.create(["case when ", ...between, " else ", " end"], [...nodes, column]);
}

function anyRow(
  backend: Backend,
  { dbTable, pk }: Options,
  rows: readonly Row[],
  isRow: (row: Row) => OperationNode,
): OperationNode {
  const [part, second] = pk.keyFields;
  if (part === undefined || second !== undefined)
    return rows.map((row): OperationNode => ParensNode.create(isRow(row))).reduce(OrNode.create);
  const keys = rows.map(({ instance }) => part.toDatabase(instance[part.attribute], backend));
  return binary(columnNode(dbTable, part.column), "in", PrimitiveValueListNode.create(keys));
}

function valueNode(backend: Backend, field: Field, value: unknown): OperationNode {
  return ValueNode.create(field.toDatabase(value, backend));
}
