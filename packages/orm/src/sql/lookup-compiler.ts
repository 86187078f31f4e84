import { describeValue } from "@tsjango/kernel/utils";
import {
  BinaryOperationNode,
  type OperationNode,
  OperatorNode,
  PrimitiveValueListNode,
  RawNode,
  UnaryOperationNode,
  ValueNode,
} from "kysely";
import type { Backend } from "../backends/base/backend.ts";
import type { DatePart } from "../backends/base/operations.ts";
import { QueryError } from "../exceptions.ts";
import type { Field } from "../fields/field.ts";
import { datePartNames, lookupNames, MATCHES, NUMBER_LOOKUPS, OPERATORS } from "../lookups/names.ts";
import { unknownLookup } from "./path.ts";

/** SQL, or what is known without asking the database. */
export type Clause = OperationNode | boolean;

/** A lookup with its value: which it is, and on what part of a date. */
export interface Lookup {
  readonly name: string;
  readonly part: DatePart | undefined;
  readonly value: unknown;
}

/** Reads the names behind a field, and turns comparisons with null into what they mean. */
export function readLookup(field: Field, rest: readonly string[], value: unknown, path: string): Lookup {
  const { storage } = field.valueField;
  const parts: readonly string[] = datePartNames(storage);
  const hasPart = rest[0] !== undefined && parts.includes(rest[0]);
  const part = hasPart ? (rest[0] as DatePart) : undefined;
  const [name = "exact", extra] = hasPart ? rest.slice(1) : rest;
  const known = part === undefined ? lookupNames(storage) : NUMBER_LOOKUPS;
  const unknown =
    extra ?? (name === "exact" && storage !== "json" ? undefined : known.includes(name) ? undefined : name);
  if (unknown !== undefined) {
    if (name === "exact" && extra === undefined && value === null) return { name: "isnull", part, value: true };
    throw unknownLookup(field, unknown, path);
  }
  if (name === "isnull") {
    if (typeof value === "boolean") return { name, part, value };
    throw new QueryError(`"${path}" takes true or false; found ${describeValue(value)}.`);
  }
  if (value !== null) return { name, part, value };
  if (name === "exact" || name === "iexact") return { name: "isnull", part: undefined, value: true };
  throw new QueryError(
    `"${path}" cannot be compared with null. Write { ${path.replace(/__\w+$/, "")}__isnull: true }.`,
  );
}

/** The SQL of a lookup on a column. */
export function compileLookup(column: OperationNode, field: Field, lookup: Lookup, backend: Backend): Clause {
  const { part } = lookup;
  if (lookup.name === "isnull") return isNull(column, lookup.value as boolean);
  if (part !== undefined) {
    const number = backend.operations.datePart(column, field.valueField, part);
    return compare(number, lookup, (value) => {
      if (Number.isSafeInteger(value)) return value;
      throw new QueryError(
        `The ${part} of ${field.label} is compared with a whole number; found ${describeValue(value)}.`,
      );
    });
  }
  const match = MATCHES[lookup.name];
  if (match === undefined) return compare(column, lookup, (value) => field.toDatabase(value, backend));
  if (typeof lookup.value === "string") {
    return backend.operations.match(column, match.kind, lookup.value, match.ignoreCase);
  }
  throw new QueryError(`${field.label} ${lookup.name} takes a string; found ${describeValue(lookup.value)}.`);
}

/** `column is null`, or `is not null`. */
export function isNull(column: OperationNode, yes: boolean): OperationNode {
  return BinaryOperationNode.create(
    column,
    OperatorNode.create(yes ? "is" : "is not"),
    ValueNode.createImmediate(null),
  );
}

/** `not (…)`. */
export function not(clause: OperationNode): OperationNode {
  return UnaryOperationNode.create(OperatorNode.create("not"), RawNode.create(["(", ")"], [clause]));
}

function compare(left: OperationNode, { name, value }: Lookup, encode: (value: unknown) => unknown): Clause {
  switch (name) {
    case "exact":
      return operation(left, "=", encode(value));
    case "in": {
      const values = listOf(value, name).filter((each) => each !== null);
      if (values.length === 0) return false;
      const list = PrimitiveValueListNode.create(values.map(encode));
      return BinaryOperationNode.create(left, OperatorNode.create("in"), list);
    }
    case "range": {
      const [from, to, ...more] = listOf(value, name);
      if (from === undefined || to === undefined || more.length > 0) {
        throw new QueryError(`range takes [from, to]; found ${describeValue(value)}.`);
      }
      return RawNode.create(
        ["", " between ", " and ", ""],
        [left, ValueNode.create(encode(from)), ValueNode.create(encode(to))],
      );
    }
    default:
      return operation(left, OPERATORS[name as keyof typeof OPERATORS], encode(value));
  }
}

function operation(left: OperationNode, operator: "=" | ">" | ">=" | "<" | "<=", value: unknown): OperationNode {
  return BinaryOperationNode.create(left, OperatorNode.create(operator), ValueNode.create(value));
}

function listOf(value: unknown, name: string): unknown[] {
  if (typeof value === "object" && value !== null && Symbol.iterator in value) {
    const values = [...(value as Iterable<unknown>)];
    if (values.includes(undefined)) throw new QueryError(`A value in the list of ${name} is undefined.`);
    return values;
  }
  throw new QueryError(`${name} takes a list; found ${describeValue(value)}.`);
}
