import {
  AliasNode,
  type BinaryOperationNode,
  ColumnNode,
  type ColumnUpdateNode,
  IdentifierNode,
  type InsertQueryNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type PrimitiveValueListNode,
  type QueryId,
  type QueryResult,
  ReferenceNode,
  type RootOperationNode,
  SchemableIdentifierNode,
  type SelectionNode,
  TableNode,
  type UnknownRow,
  type ValueListNode,
  ValueNode,
  ValuesNode,
} from "kysely";
import type { Backend } from "../backends/base/backend.ts";
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import { selection } from "./nodes.ts";

type Tables = ReadonlyMap<string, Options>;
/** How the columns of a result are read, by their names. */
type Outputs = Map<string, Field>;

/** Models' names become those of tables and columns, and values of columns those of fields; and back. */
export class ModelNames implements KyselyPlugin {
  readonly #tables: Tables;
  readonly #backend: () => Backend;
  readonly #outputs = new WeakMap<QueryId, Outputs>();

  constructor(tables: Tables, backend: () => Backend) {
    this.#tables = tables;
    this.#backend = backend;
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    const transformer = new NameTransformer(this.#tables, this.#backend());
    const transformed = transformer.transformNode(node, queryId);
    this.#outputs.set(queryId, transformer.outputs);
    return transformed;
  }

  async transformResult({ result, queryId }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    const outputs = this.#outputs.get(queryId);
    if (outputs === undefined || outputs.size === 0) return result;
    const backend = this.#backend();
    const read = (row: UnknownRow): UnknownRow =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          outputs.get(name)?.fromDatabase(value, backend) ?? value ?? null,
        ]),
      );
    return { ...result, rows: result.rows.map(read) };
  }
}

/** One query: its tables by the names that they have in it. */
class NameTransformer extends OperationNodeTransformer {
  readonly outputs: Outputs = new Map();
  readonly #tables: Tables;
  readonly #backend: Backend;
  /** The models that names stand for, of the query at hand and of those around it. */
  #scopes: Map<string, Options>[] = [];

  constructor(tables: Tables, backend: Backend) {
    super();
    this.#tables = tables;
    this.#backend = backend;
  }

  protected override transformNodeImpl<T extends OperationNode>(node: T, queryId?: QueryId): T {
    if (!/^(Select|Insert|Update|Delete)QueryNode$/.test(node.kind)) return super.transformNodeImpl(node, queryId);
    this.#scopes.push(this.#scopeOf(node));
    try {
      return super.transformNodeImpl(this.#prepared(node), queryId);
    } finally {
      this.#scopes.pop();
    }
  }

  /** Selections say what they are called; an insert has its defaults. */
  #prepared<T extends OperationNode>(node: T): T {
    const query = node as T & {
      selections?: readonly SelectionNode[];
      returning?: { selections: readonly SelectionNode[] };
    };
    let prepared = query;
    if (query.selections !== undefined)
      prepared = { ...prepared, selections: query.selections.flatMap((each) => this.#named(each)) };
    if (query.returning !== undefined) {
      const selections = query.returning.selections.flatMap((each) => this.#named(each));
      prepared = { ...prepared, returning: { ...query.returning, selections } };
    }
    return node.kind === "InsertQueryNode"
      ? (this.#filled(prepared as unknown as InsertQueryNode) as unknown as T)
      : prepared;
  }

  #scopeOf(node: OperationNode): Map<string, Options> {
    const scope = new Map<string, Options>();
    const add = (given: OperationNode | undefined): void => {
      if (given === undefined) return;
      const alias = given.kind === "AliasNode" ? ((given as AliasNode).alias as IdentifierNode).name : undefined;
      const table = given.kind === "AliasNode" ? (given as AliasNode).node : given;
      if (table.kind !== "TableNode") return;
      const { name } = (table as TableNode).table.identifier;
      const options = this.#tables.get(name);
      if (options !== undefined) scope.set(alias ?? name, options);
    };
    const query = node as unknown as {
      from?: { froms: readonly OperationNode[] };
      using?: { tables: readonly OperationNode[] };
      joins?: readonly { table: OperationNode }[];
      table?: OperationNode;
      into?: OperationNode;
    };
    for (const each of [...(query.from?.froms ?? []), ...(query.joins ?? []).map(({ table }) => table)]) add(each);
    for (const each of query.using?.tables ?? []) add(each);
    add(query.table);
    add(query.into);
    return scope;
  }

  /** The field of a column, which may be named with its table. */
  #field(table: string | undefined, column: string): Field | undefined {
    for (const scope of [...this.#scopes].reverse()) {
      const candidates =
        table === undefined ? [...scope.values()] : [scope.get(table)].filter((each) => each !== undefined);
      for (const options of candidates) {
        const field = fieldOf(options, column);
        if (field !== undefined) return field;
      }
    }
    return undefined;
  }

  #fieldOfNode(node: OperationNode): Field | undefined {
    if (node.kind === "ColumnNode") return this.#field(undefined, (node as ColumnNode).column.name);
    if (node.kind !== "ReferenceNode") return undefined;
    const { table, column } = node as ReferenceNode;
    return column.kind === "ColumnNode" ? this.#field(table?.table.identifier.name, column.column.name) : undefined;
  }

  #named(given: SelectionNode): SelectionNode[] {
    const outermost = this.#scopes.length === 1;
    const scope = this.#scopes.at(-1) as Map<string, Options>;
    const inner: OperationNode = given.selection;
    const all = (tables: Iterable<readonly [string, Options]>): SelectionNode[] =>
      [...tables].flatMap(([name, options]) =>
        options.fields.flatMap((field) =>
          this.#named(selection(ReferenceNode.create(ColumnNode.create(field.attribute), TableNode.create(name)))),
        ),
      );
    if (inner.kind === "SelectAllNode") return scope.size === 0 ? [given] : all(scope);
    if (inner.kind === "ReferenceNode" && (inner as ReferenceNode).column.kind === "SelectAllNode") {
      const name = (inner as ReferenceNode).table?.table.identifier.name ?? "";
      const options = scope.get(name);
      return options === undefined ? [given] : all([[name, options]]);
    }
    if (inner.kind === "AliasNode") {
      const { node, alias } = inner as AliasNode;
      const field = this.#fieldOfNode(node);
      if (outermost && field !== undefined && alias.kind === "IdentifierNode") {
        this.outputs.set((alias as IdentifierNode).name, field.valueField);
      }
      return [given];
    }
    const field = this.#fieldOfNode(inner);
    if (field === undefined) return [given];
    const written = inner.kind === "ReferenceNode" ? (inner as ReferenceNode).column : inner;
    const { name } = (written as ColumnNode).column;
    if (outermost) this.outputs.set(name, field.valueField);
    return [selection(AliasNode.create(inner, IdentifierNode.create(name)))];
  }

  /** The defaults of fields that an insert leaves out. */
  #filled(node: InsertQueryNode): InsertQueryNode {
    const options = [...(this.#scopes.at(-1) as Map<string, Options>).values()][0];
    const { columns, values } = node;
    if (options === undefined || columns === undefined || values?.kind !== "ValuesNode") return node;
    const fields = columns.map((column) => fieldOf(options, column.column.name));
    const missing = options.fields.filter(
      (field) => !fields.includes(field) && (field.hasDefault || field.preSave(true) !== undefined),
    );
    const encoded = (field: Field | undefined, value: unknown) =>
      field === undefined || value === null || value === undefined ? value : field.toSave(value, this.#backend);
    const rows = (values as ValuesNode).values.map((row) => {
      const given =
        row.kind === "PrimitiveValueListNode"
          ? (row as PrimitiveValueListNode).values.map((value) => ValueNode.create(value))
          : (row as ValueListNode).values;
      const known = given.map((value, index) =>
        value.kind === "ValueNode" ? ValueNode.create(encoded(fields[index], (value as ValueNode).value)) : value,
      );
      const added = missing.map((field) =>
        ValueNode.create(encoded(field, field.preSave(true) ?? field.makeDefault())),
      );
      return { kind: "ValueListNode", values: [...known, ...added] } as ValueListNode;
    });
    return {
      ...node,
      columns: [...columns, ...missing.map((field) => ColumnNode.create(field.attribute))],
      values: ValuesNode.create(rows),
    };
  }

  protected override transformTable(node: TableNode, queryId?: QueryId): TableNode {
    const options = this.#tables.get(node.table.identifier.name);
    // A table that has another name in the query is meant by that.
    if (options === undefined || node.table.schema !== undefined) return super.transformTable(node, queryId);
    return { ...node, table: SchemableIdentifierNode.create(options.dbTable) };
  }

  protected override transformReference(node: ReferenceNode, queryId?: QueryId): ReferenceNode {
    const field = this.#fieldOfNode(node);
    const transformed = super.transformReference(node, queryId);
    return field === undefined ? transformed : { ...transformed, column: ColumnNode.create(field.column) };
  }

  protected override transformColumn(node: ColumnNode, _queryId?: QueryId): ColumnNode {
    const field = this.#field(undefined, node.column.name);
    return field === undefined ? node : ColumnNode.create(field.column);
  }

  protected override transformBinaryOperation(node: BinaryOperationNode, queryId?: QueryId): BinaryOperationNode {
    const field = this.#fieldOfNode(node.leftOperand);
    const rightOperand = field === undefined ? node.rightOperand : this.#encoded(field, node.rightOperand);
    return super.transformBinaryOperation({ ...node, rightOperand }, queryId);
  }

  protected override transformColumnUpdate(node: ColumnUpdateNode, queryId?: QueryId): ColumnUpdateNode {
    const field = this.#fieldOfNode(node.column);
    const value = field === undefined ? node.value : this.#encoded(field, node.value, "toSave");
    return super.transformColumnUpdate({ ...node, value }, queryId);
  }

  /** Values that stand beside a column, as the database keeps them. */
  #encoded(field: Field, node: OperationNode, encoder: "toDatabase" | "toSave" = "toDatabase"): OperationNode {
    const encode = (value: unknown) =>
      value === null || value === undefined ? value : field[encoder](value, this.#backend);
    switch (node.kind) {
      case "ValueNode":
        return (node as ValueNode).immediate
          ? node
          : ({ ...node, value: encode((node as ValueNode).value) } as ValueNode);
      case "PrimitiveValueListNode":
        return { ...node, values: (node as PrimitiveValueListNode).values.map(encode) } as PrimitiveValueListNode;
      case "ValueListNode":
        return {
          ...node,
          values: (node as ValueListNode).values.map((each) => this.#encoded(field, each)),
        } as ValueListNode;
      case "AndNode": {
        // The two ends of BETWEEN.
        const { left, right } = node as unknown as { left: OperationNode; right: OperationNode };
        return { ...node, left: this.#encoded(field, left), right: this.#encoded(field, right) } as OperationNode;
      }
      default:
        return node;
    }
  }
}

/** By its attribute, such as `authorId`. */
function fieldOf(options: Options, name: string): Field | undefined {
  return options.fields.find((field) => field.attribute === name);
}
