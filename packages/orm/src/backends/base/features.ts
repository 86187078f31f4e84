/** In what databases differ. Shared code asks these, never the vendor. */
export interface Features {
  /** The most parameters of one statement. */
  readonly maxParameters: number;
  /** Whether a query can run without waiting, for the escape hatch of the async guard. */
  readonly synchronous: boolean;
  /** Whether `distinct` may name fields. */
  readonly distinctOn: boolean;
  /** Whether rows can be locked one by one; else a transaction locks all. */
  readonly rowLocks: boolean;
  /** Whether it has what PostgreSQL alone has: arrays, full text search, similarity, aggregates and kinds of indexes of its own. */
  readonly postgresExtras: boolean;
  /** Whether an UPDATE reads all rows as they were before it. */
  readonly updatesAtOnce: boolean;
  /** Whether a SELECT, whatever it calls, changes nothing. */
  readonly selectsOnlyRead: boolean;
}
