/** Where a `Q` keeps its data. */
export const CONDITION: unique symbol = Symbol("tsjango.condition");

/** Where an expression keeps its data. */
export const EXPRESSION: unique symbol = Symbol("tsjango.expression");

/** Where an order keeps its data. */
export const ORDERING: unique symbol = Symbol("tsjango.ordering");
