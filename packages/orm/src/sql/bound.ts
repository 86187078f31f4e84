import { type OperationNode, ValueNode } from "kysely";

/** Says that a value of the same kind needs SQL of its own. */
export const OTHER_SQL: unique symbol = Symbol("tsjango.otherSql");

/** Makes a parameter of a value of the query; or says that the value needs other SQL. */
export type Encode = (value: unknown) => unknown;

/** A parameter of SQL that is kept: which of the query's values it is made of, and how. */
export class Bound {
  readonly place: number;
  readonly encode: Encode;
  /** What it is in the query that is being compiled. */
  readonly now: unknown;

  constructor(place: number, encode: Encode, now: unknown) {
    this.place = place;
    this.encode = encode;
    this.now = now;
  }

  /** Equal parameters are alike to whatever compares SQL. */
  toJSON(): unknown {
    return this.now;
  }
}

/** `encode(value)`, as the driver is given it; where the value has a place, the parameter knows it. */
export function boundValue(place: number | undefined, value: unknown, encode: Encode): unknown {
  const now = encode(value);
  return place === undefined || now === OTHER_SQL ? now : new Bound(place, encode, now);
}

/** The same as a parameter in SQL. */
export function bound(place: number | undefined, value: unknown, encode: Encode): OperationNode {
  return ValueNode.create(boundValue(place, value, encode));
}
