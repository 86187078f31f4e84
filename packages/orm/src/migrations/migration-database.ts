/** The database as `runCode` sees it: the connection and transaction of its migration. */
export interface MigrationDatabase {
  readonly vendor: "sqlite" | "postgres";
  /** Runs one statement. Parameters stand as `?` in SQLite's statements and as `$1`, `$2` … in PostgreSQL's. */
  execute(sql: string, parameters?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
}
