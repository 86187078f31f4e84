/** Where a `Q` keeps its data. */
export const CONDITION: unique symbol = Symbol("tsjango.condition");

/** Where an expression keeps its data. */
export const EXPRESSION: unique symbol = Symbol("tsjango.expression");

/** Where an order keeps its data. */
export const ORDERING: unique symbol = Symbol("tsjango.ordering");

/** Where a query set shows its query to the compiler, for `author__in: Author.objects.filter(…)` and subqueries. */
export const QUERY: unique symbol = Symbol("tsjango.query");
