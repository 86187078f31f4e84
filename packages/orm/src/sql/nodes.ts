import {
  AliasNode,
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  IdentifierNode,
  type OperationNode,
  OperatorNode,
  OrNode,
  ParensNode,
  ReferenceNode,
  type SelectionNode,
  TableNode,
  UnaryOperationNode,
  ValueNode,
} from "kysely";
import { raw } from "../backends/base/raw.ts";
import type { Clause } from "./context.ts";

/** `"table"."column"`. */
export function columnNode(table: string, column: string): OperationNode {
  return ReferenceNode.create(ColumnNode.create(column), TableNode.create(table));
}

/** `left operator right`. */
export function binary(
  left: OperationNode,
  operator: "=" | "in" | ">" | ">=" | "<" | "<=",
  right: OperationNode,
): OperationNode {
  return BinaryOperationNode.create(left, OperatorNode.create(operator), right);
}

/** A parameter. */
export function parameter(value: unknown): OperationNode {
  return ValueNode.create(value);
}

/** A number or null written out; never a text. */
export function immediate(value: number | null): OperationNode {
  return ValueNode.createImmediate(value);
}

/** `column is null`, or `is not null`. */
export function isNull(column: OperationNode, yes: boolean): OperationNode {
  return BinaryOperationNode.create(column, OperatorNode.create(yes ? "is" : "is not"), immediate(null));
}

/** `not (…)`. */
export function not(clause: Clause): Clause {
  if (typeof clause === "boolean") return !clause;
  return UnaryOperationNode.create(OperatorNode.create("not"), raw("(", clause, ")"));
}

/** All or any of the clauses; what is known already falls away. */
export function join(kind: "and" | "or", clauses: readonly Clause[]): Clause {
  const absorbing = kind === "or";
  if (clauses.some((clause) => clause === absorbing)) return absorbing;
  const [first, ...others] = clauses.filter((clause) => typeof clause !== "boolean");
  if (first === undefined) return !absorbing;
  if (others.length === 0) return first;
  const create = kind === "and" ? AndNode.create : OrNode.create;
  return ParensNode.create(others.reduce((left, right) => create(left, right), first));
}

/** All clauses, where nothing else stands beside them. */
export function conjunction(clauses: readonly Clause[]): Clause {
  const joined = join("and", clauses);
  return typeof joined !== "boolean" && joined.kind === "ParensNode" ? (joined as ParensNode).node : joined;
}

/** A clause where SQL must stand. */
export function truth(clause: Clause): OperationNode {
  return typeof clause === "boolean" ? raw(clause ? "1 = 1" : "1 = 0") : clause;
}

/** An expression among the columns of a SELECT; Kysely's own factory admits only some of the nodes that it compiles. */
export function selection(node: OperationNode): SelectionNode {
  return { kind: "SelectionNode", selection: node as SelectionNode["selection"] };
}

/** A column with a name of its own, for a SELECT in a SELECT. */
export function named(node: OperationNode, name: string): OperationNode {
  return AliasNode.create(node, IdentifierNode.create(name));
}

/** What is the same for equal nodes. */
export function nodeKey(node: OperationNode): string {
  return JSON.stringify(node, (_name, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}

/** Whether SQL has parameters. */
export function hasParameters(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  if (Array.isArray(node)) return node.some(hasParameters);
  const { kind, immediate: written } = node as { kind?: unknown; immediate?: unknown };
  if (kind === "PrimitiveValueListNode" || (kind === "ValueNode" && written !== true)) return true;
  return Object.values(node).some(hasParameters);
}

/** The tables, by their names in SQL, of whose columns something is made. */
export function tablesIn(part: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof part !== "object" || part === null) return found;
  if (Array.isArray(part)) {
    for (const each of part) tablesIn(each, found);
    return found;
  }
  const { kind, table } = part as { readonly kind?: unknown; readonly table?: TableNode };
  if (kind === "ValueNode" || kind === "PrimitiveValueListNode") return found;
  if (kind === "ReferenceNode" && table !== undefined) found.add(table.table.identifier.name);
  for (const each of Object.values(part)) tablesIn(each, found);
  return found;
}
