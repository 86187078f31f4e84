import type { TableDefinition } from "../../backends/base/schema-editor.ts";
import type { MigrationDatabase } from "../migration-database.ts";
import type { ProjectState } from "../state.ts";
import type { ModelChange } from "../table-changes.ts";

/** What an operation is applied with: it turns states into tables, and runs or collects the statements. */
export interface OperationContext {
  /** The app whose migration this is. */
  readonly app: string;
  readonly from: ProjectState;
  readonly to: ProjectState;
  /** The database it is applied to. */
  readonly vendor: "sqlite" | "postgres";
  /** Whether the migration runs in one transaction. */
  readonly atomic: boolean;
  /** Makes, drops or alters one model's tables so that they are as in `to`. */
  changeModel(key: string, change?: Omit<ModelChange, "key">): Promise<void>;
  /** A model's table as it is in `to`; where it has none there, as in `from`. */
  table(key: string): TableDefinition;
  /** The same between other states. */
  between(from: ProjectState, to: ProjectState): OperationContext;
  /** Runs one statement, where routers let the database have the app's tables, or those of one of its models. */
  execute(statement: string, model?: string): Promise<void>;
  /** Runs code; where statements are only shown, a comment in its place. */
  run(code: (database: MigrationDatabase) => Promise<void>): Promise<void>;
}

/** One step of a migration: plain data with what it does to the state and to the database. */
export interface Operation {
  /** The function that makes it, and its arguments: what the writer writes. */
  readonly call: readonly [name: string, ...args: unknown[]];
  /** In words, for people: `Add field pages to Book`. */
  readonly description: string;
  /** Its part of a migration's name: `book_pages`. */
  readonly nameFragment?: string;
  /** Whether it may be left out where migrations are squashed, as there are no rows then. */
  readonly elidable?: boolean;
  /** Rows or values are lost when it is applied. */
  readonly destructive?: boolean;
  /** Gives the state after it. */
  changeState(app: string, state: ProjectState): ProjectState;
  /** Applies it to a database that is as `from` says, to be as `to` says. */
  forwards(context: OperationContext): Promise<void>;
  /** Takes it back: `from` and `to` are again what is and what will be. Absent: it cannot be taken back. */
  backwards?(context: OperationContext): Promise<void>;
}
