import type { Operation } from "./operations/operation.ts";

/** Names a migration: its app's label and its file's name without extension. */
export type MigrationKey = readonly [app: string, name: string];

/** What a migration file says. */
export interface MigrationOptions {
  /** The migrations that must be applied before, such as `[["blog", "0001_initial"]]`. */
  readonly dependencies?: readonly MigrationKey[];
  /** Whether it makes the app's first tables. */
  readonly initial?: boolean;
  /** The migrations of other apps that must be applied after it. */
  readonly runBefore?: readonly MigrationKey[];
  /** The migrations whose place it takes: those that were squashed. */
  readonly replaces?: readonly MigrationKey[];
  /**
   * False: it is applied part by part, without a transaction around it, and goes on where it was stopped. PostgreSQL's
   * tables are then changed in small steps while others use them. Default true: all of it or nothing.
   */
  readonly atomic?: boolean;
  /** What changes, in order. */
  readonly operations: readonly Operation[];
}

/** A migration as its file exports it. */
export interface Migration {
  readonly dependencies: readonly MigrationKey[];
  readonly initial: boolean;
  readonly atomic: boolean;
  readonly runBefore?: readonly MigrationKey[];
  readonly replaces?: readonly MigrationKey[];
  readonly operations: readonly Operation[];
}

/** A migration with its name, as the loader found it. */
export interface NamedMigration extends Migration {
  readonly app: string;
  readonly name: string;
  /** The absolute path of its file; undefined before it is written. */
  readonly file?: string;
}

/**
 * A migration file's default export: `export default migration({ operations: [ … ] })`.
 * Source: https://docs.djangoproject.com/en/5.2/topics/migrations/
 */
export function migration(options: MigrationOptions): Migration {
  return Object.freeze({
    dependencies: Object.freeze([...(options.dependencies ?? [])]),
    initial: options.initial ?? false,
    atomic: options.atomic ?? true,
    ...(options.runBefore && { runBefore: Object.freeze([...options.runBefore]) }),
    ...(options.replaces && { replaces: Object.freeze([...options.replaces]) }),
    operations: Object.freeze([...options.operations]),
  });
}

/** `"blog.0001_initial"`. */
export function migrationKey(migration: { readonly app: string; readonly name: string }): string {
  return `${migration.app}.${migration.name}`;
}
