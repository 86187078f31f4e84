import Database from "better-sqlite3";
import type { StatementOptions, StatementResult } from "../base/connection.ts";
import { translateSqliteError } from "./errors.ts";
import { registerFunctions } from "./registered.ts";

const MOST_STATEMENTS = 500;

const PRAGMAS = {
  foreign_keys: "on",
  temp_store: "memory",
  // In KiB where it is negative. No mmap_size: with it a small update takes a fifth longer, and reads no less.
  cache_size: -20_000,
} as const;

/** One open database with its prepared statements, the last used kept. */
export class Handle {
  readonly database: Database.Database;
  /** By whether they give whole numbers as numbers, not as bigints. */
  readonly #statements = {
    numbers: new Map<string, Database.Statement>(),
    bigints: new Map<string, Database.Statement>(),
  };

  constructor(
    file: string,
    { readonly = false, pragmas = {} }: { readonly?: boolean; readonly pragmas?: Readonly<Record<string, unknown>> },
  ) {
    // Waiting inside SQLite would block the event loop: it fails at once, and is tried again.
    this.database = new Database(file, { timeout: 0, readonly });
    for (const [name, value] of Object.entries({ ...PRAGMAS, ...pragmas })) this.database.pragma(`${name} = ${value}`);
    registerFunctions(this.database);
  }

  prepare(sql: string, options: StatementOptions = {}): Database.Statement {
    const statements = this.#statements[options.plainNumbers === true ? "numbers" : "bigints"];
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = this.prepareAnew(sql, options);
      if (statements.size >= MOST_STATEMENTS) statements.delete(statements.keys().next().value as string);
      statements.set(sql, statement);
    } else if (statements.size > MOST_STATEMENTS / 2) {
      statements.delete(sql);
      statements.set(sql, statement);
    }
    return statement;
  }

  /** A statement for one user alone: one that is being read cannot be run a second time. */
  prepareAnew(sql: string, { plainNumbers = false }: StatementOptions = {}): Database.Statement {
    const statement = this.database.prepare(sql);
    if (statement.reader) statement.raw(true).safeIntegers(!plainNumbers);
    return statement;
  }

  run(sql: string, parameters: readonly unknown[], options?: StatementOptions): StatementResult {
    try {
      const statement = this.prepare(sql, options);
      if (!statement.reader) return { columns: [], rows: [], changes: statement.run(...parameters).changes };
      return new Result(statement, statement.all(...parameters) as unknown[][]);
    } catch (error) {
      throw translateSqliteError(error, { sql, parameters });
    }
  }
}

/** What a statement with rows gave. */
export class Result implements StatementResult {
  readonly rows: StatementResult["rows"];
  readonly changes: number;
  readonly #statement: Database.Statement;

  constructor(statement: Database.Statement, rows: StatementResult["rows"]) {
    this.#statement = statement;
    this.rows = rows;
    this.changes = statement.readonly ? 0 : rows.length;
  }

  /** Only asked for by name in few places, and dear to find out. */
  get columns(): readonly string[] {
    return this.#statement.columns().map((column) => column.name);
  }
}
