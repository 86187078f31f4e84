/** Structural: what pagination and views need of a query set, so that they depend on no ORM. */
export interface QuerySetLike<T> extends PromiseLike<T[]>, AsyncIterable<T> {
  count(): Promise<number>;
  slice(start: number, end?: number): QuerySetLike<T>;
  first(): Promise<T | null>;
}

/** Rows that can be counted and cut: a query set, or an array. */
export type ObjectList<T> = QuerySetLike<T> | readonly T[];

/** Whether rows are already there. */
export function isArray<T>(rows: ObjectList<T>): rows is readonly T[] {
  return Array.isArray(rows);
}
