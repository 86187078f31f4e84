/** The rows of a statement: one array a row, in the order of the columns. */
export type Rows = readonly (readonly unknown[])[];

/** What a statement gave. */
export interface StatementResult {
  /** The names of the columns, in order; empty for statements that give no rows. */
  readonly columns: readonly string[];
  readonly rows: Rows;
  /** How many rows were inserted, changed or deleted. */
  readonly changes: number;
}

/** The names of `Isolation`. */
export const ISOLATIONS = ["readCommitted", "repeatableRead", "serializable"] as const;
/** How far a transaction is kept apart from others. Source: the SQL standard. */
export type Isolation = (typeof ISOLATIONS)[number];

/** What a transaction is. */
export interface BeginOptions {
  /** Undefined: what the database does by itself. */
  readonly isolation?: Isolation | undefined;
  readonly readOnly?: boolean | undefined;
}

/** What is known of a statement that is to run. */
export interface StatementOptions {
  /**
   * Whether whole numbers may be given as numbers: none that is read needs more digits than they have, or it is checked
   * afterwards. Default false: SQLite gives bigints.
   */
  readonly plainNumbers?: boolean | undefined;
  /** It changes nothing: where the connection broke before it gave anything, it is run once more on another one. */
  readonly reads?: boolean | undefined;
}

/** The rows of a query, fetched in parts. It sees what was committed when it was opened. */
export interface Cursor {
  /** The next rows, at most `size`; none at the end. */
  read(size: number): Promise<Rows>;
  /** Gives back what it holds. More than once does nothing. */
  close(): Promise<void>;
}

/** A connection held by one user. Statements on it run one after the other, in the order they were given. */
export interface Connection {
  execute(sql: string, parameters?: readonly unknown[], options?: StatementOptions): Promise<StatementResult>;
  /** Runs one reading statement at once; SQLite only. */
  executeSync?(sql: string, parameters?: readonly unknown[], options?: StatementOptions): StatementResult;
  /** Fetches the rows of one reading statement in parts; other statements may run between them. */
  cursor(sql: string, parameters?: readonly unknown[], options?: StatementOptions): Promise<Cursor>;
  begin(options?: BeginOptions): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  savepoint(name: string): Promise<void>;
  releaseSavepoint(name: string): Promise<void>;
  rollbackTo(name: string): Promise<void>;
  /** Gives it back; `broken` closes it instead. */
  release(broken?: boolean): void;
}

/** The rows of a result as objects by column name. */
export function rowObjects(result: StatementResult): Record<string, unknown>[] {
  return result.rows.map((row) => Object.fromEntries(result.columns.map((column, index) => [column, row[index]])));
}
