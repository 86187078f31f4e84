import {
  type AggregateFunctionNode,
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
  type WithNode,
} from "kysely";
import type { Backend } from "../backends/base/backend.ts";
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import { selection } from "./nodes.ts";

type Tables = ReadonlyMap<string, Options>;
/** How the columns of a result are read, by their names. */
type Outputs = Map<string, Field>;

/** How the columns of queries are read that were put together before they became a part of another one. */
const written = new WeakMap<OperationNode, Outputs>();

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
    written.set(transformed, transformer.outputs);
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

/** A column that rows are read from: what its values are, and its name in SQL. */
interface Column {
  readonly field: Field;
  readonly name: string;
}

/** What rows come from: the table of a model, or a query, whose columns have their names already. */
interface Source {
  readonly columns: ReadonlyMap<string, Column>;
  readonly derived: boolean;
}

/** A selection, and the fields that read its columns, by their names. */
interface Selected {
  readonly node: SelectionNode;
  readonly outputs: readonly (readonly [name: string, field: Field])[];
}

/** What the parts of all four kinds of queries are. */
interface QueryParts {
  readonly with?: WithNode;
  readonly from?: { readonly froms: readonly OperationNode[] };
  readonly using?: { readonly tables: readonly OperationNode[] };
  readonly joins?: readonly { readonly table: OperationNode }[];
  readonly table?: OperationNode;
  readonly into?: OperationNode;
  readonly selections?: readonly SelectionNode[];
  readonly returning?: { readonly selections: readonly SelectionNode[] };
}

/** One query: its tables by the names that they have in it. */
class NameTransformer extends OperationNodeTransformer {
  readonly outputs: Outputs = new Map();
  readonly #tables: Tables;
  readonly #backend: Backend;
  /** What names stand for, in the query at hand and in those around it. */
  readonly #scopes: ReadonlyMap<string, Source>[] = [];
  /** The queries that stand before them, by WITH. */
  readonly #common: Map<string, Source>[] = [];
  /** Whether the query at hand was put together before: its values are as the database keeps them. */
  #written = false;

  constructor(tables: Tables, backend: Backend) {
    super();
    this.#tables = tables;
    this.#backend = backend;
  }

  protected override transformNodeImpl<T extends OperationNode>(node: T, queryId?: QueryId): T {
    if (!isQuery(node)) return super.transformNodeImpl(node, queryId);
    const around = this.#written;
    this.#written ||= written.has(node);
    try {
      return this.#inside(node, () => super.transformNodeImpl(this.#prepared(node), queryId));
    } finally {
      this.#written = around;
    }
  }

  /** Runs `work` where the names of a query are known. */
  #inside<R>(node: OperationNode, work: () => R): R {
    const query = node as QueryParts;
    const common = new Map<string, Source>();
    this.#common.push(common);
    for (const { name, expression } of query.with?.expressions ?? []) {
      // Where it names its columns, nothing is known of them.
      const columns = name.columns === undefined ? this.#columnsOf(expression) : new Map<string, Column>();
      common.set(name.table.table.identifier.name, { columns, derived: true });
    }
    this.#scopes.push(this.#scopeOf(query));
    try {
      return work();
    } finally {
      this.#scopes.pop();
      this.#common.pop();
    }
  }

  /** The columns that a query gives, those whose field is known. */
  #columnsOf(node: OperationNode): Map<string, Column> {
    const outputs = written.get(node) ?? (isQuery(node) ? this.#outputsOf(node) : []);
    return new Map([...outputs].map(([name, field]) => [name, { field, name }]));
  }

  #outputsOf(node: OperationNode): Selected["outputs"] {
    const { selections, returning } = node as QueryParts;
    const given = selections ?? returning?.selections ?? [];
    return this.#inside(node, () => given.flatMap((each) => this.#selected(each))).flatMap((each) => each.outputs);
  }

  /** Selections say what they are called; an insert has its defaults. */
  #prepared<T extends OperationNode>(node: T): T {
    const { selections, returning } = node as QueryParts;
    const named = (given: readonly SelectionNode[]) => {
      const selected = given.flatMap((each) => this.#selected(each));
      if (this.#scopes.length === 1) {
        for (const [name, field] of selected.flatMap((each) => each.outputs)) this.outputs.set(name, field);
      }
      return selected.map((each) => each.node);
    };
    const prepared = {
      ...node,
      ...(selections !== undefined && { selections: named(selections) }),
      ...(returning !== undefined && { returning: { ...returning, selections: named(returning.selections) } }),
    };
    return node.kind === "InsertQueryNode"
      ? (this.#filled(prepared as unknown as InsertQueryNode) as unknown as T)
      : prepared;
  }

  #scopeOf(query: QueryParts): Map<string, Source> {
    const scope = new Map<string, Source>();
    const add = (given: OperationNode | undefined): void => {
      if (given === undefined) return;
      const alias = given.kind === "AliasNode" ? ((given as AliasNode).alias as IdentifierNode).name : undefined;
      const table = given.kind === "AliasNode" ? (given as AliasNode).node : given;
      if (table.kind === "TableNode") {
        const { name } = (table as TableNode).table.identifier;
        const source = this.#commonOf(name) ?? sourceOf(this.#tables.get(name));
        if (source !== undefined) scope.set(alias ?? name, source);
      } else if (alias !== undefined && isQuery(table)) {
        scope.set(alias, { columns: this.#columnsOf(table), derived: true });
      }
    };
    for (const each of [...(query.from?.froms ?? []), ...(query.joins ?? []).map(({ table }) => table)]) add(each);
    for (const each of query.using?.tables ?? []) add(each);
    add(query.table);
    add(query.into);
    return scope;
  }

  #commonOf(name: string): Source | undefined {
    return this.#common.findLast((each) => each.has(name))?.get(name);
  }

  /** What a column is, which may be named with its table. */
  #column(table: string | undefined, name: string): Column | undefined {
    for (const scope of [...this.#scopes].reverse()) {
      const sources = table === undefined ? [...scope.values()] : [scope.get(table)];
      for (const source of sources) {
        const column = source?.columns.get(name);
        if (column !== undefined) return column;
      }
    }
    return undefined;
  }

  #columnOfNode(node: OperationNode): Column | undefined {
    if (node.kind === "ColumnNode") return this.#column(undefined, (node as ColumnNode).column.name);
    if (node.kind !== "ReferenceNode") return undefined;
    const { table, column } = node as ReferenceNode;
    return column.kind === "ColumnNode" ? this.#column(table?.table.identifier.name, column.column.name) : undefined;
  }

  /** The field whose values a column has, or the least or greatest of a column. */
  #fieldOfNode(node: OperationNode): Field | undefined {
    if (node.kind !== "AggregateFunctionNode") return this.#columnOfNode(node)?.field;
    const { func, aggregated } = node as AggregateFunctionNode;
    const [of] = aggregated;
    return /^(min|max)$/i.test(func) && of !== undefined ? this.#columnOfNode(of)?.field : undefined;
  }

  #selected(given: SelectionNode): Selected[] {
    const scope = this.#scopes.at(-1) as ReadonlyMap<string, Source>;
    const inner: OperationNode = given.selection;
    const all = (sources: Iterable<readonly [string, Source]>): Selected[] =>
      [...sources].flatMap(([name, { columns, derived }]) => {
        const table = TableNode.create(name);
        if (!derived) {
          const nodes = [...columns.keys()].map((column) => ReferenceNode.create(ColumnNode.create(column), table));
          return nodes.flatMap((node) => this.#selected(selection(node)));
        }
        const outputs = [...columns].map(([column, { field }]) => [column, field] as const);
        return [{ node: selection(ReferenceNode.createSelectAll(table)), outputs }];
      });
    if (inner.kind === "SelectAllNode") return scope.size === 0 ? [{ node: given, outputs: [] }] : all(scope);
    if (inner.kind === "ReferenceNode" && (inner as ReferenceNode).column.kind === "SelectAllNode") {
      const name = (inner as ReferenceNode).table?.table.identifier.name ?? "";
      const source = scope.get(name);
      return source === undefined ? [{ node: given, outputs: [] }] : all([[name, source]]);
    }
    const field = this.#fieldOfNode(inner.kind === "AliasNode" ? (inner as AliasNode).node : inner);
    if (inner.kind === "AliasNode") {
      const { alias } = inner as AliasNode;
      const known = field !== undefined && alias.kind === "IdentifierNode";
      return [{ node: given, outputs: known ? [[(alias as IdentifierNode).name, field.valueField]] : [] }];
    }
    if (field === undefined || this.#columnOfNode(inner) === undefined) return [{ node: given, outputs: [] }];
    const written = inner.kind === "ReferenceNode" ? (inner as ReferenceNode).column : inner;
    const { name } = (written as ColumnNode).column;
    const node = selection(AliasNode.create(inner, IdentifierNode.create(name)));
    return [{ node, outputs: [[name, field.valueField]] }];
  }

  /** The defaults of fields that an insert leaves out. */
  #filled(node: InsertQueryNode): InsertQueryNode {
    const { columns, values, into } = node;
    if (this.#written) return node;
    const options = into?.kind === "TableNode" ? this.#tables.get(into.table.identifier.name) : undefined;
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
    const { name } = node.table.identifier;
    const options = this.#commonOf(name) === undefined ? this.#tables.get(name) : undefined;
    // A table that has another name in the query is meant by that.
    if (options === undefined || node.table.schema !== undefined) return super.transformTable(node, queryId);
    return { ...node, table: SchemableIdentifierNode.create(options.dbTable) };
  }

  protected override transformReference(node: ReferenceNode, queryId?: QueryId): ReferenceNode {
    const column = this.#columnOfNode(node);
    const transformed = super.transformReference(node, queryId);
    return column === undefined ? transformed : { ...transformed, column: ColumnNode.create(column.name) };
  }

  protected override transformColumn(node: ColumnNode, _queryId?: QueryId): ColumnNode {
    const column = this.#column(undefined, node.column.name);
    return column === undefined ? node : ColumnNode.create(column.name);
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
    if (this.#written) return node;
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

function isQuery(node: OperationNode): boolean {
  return /^(Select|Insert|Update|Delete)QueryNode$/.test(node.kind);
}

/** The columns of a model's table, by their attributes. */
function sourceOf(options: Options | undefined): Source | undefined {
  if (options === undefined) return undefined;
  const columns = options.fields.map((field) => [field.attribute, { field, name: field.column }] as const);
  return { columns: new Map(columns), derived: false };
}

/** By its attribute, such as `authorId`. */
function fieldOf(options: Options, name: string): Field | undefined {
  return options.fields.find((field) => field.attribute === name);
}
