import type { Operation } from "./operations/operation.ts";

/** Names a migration: its app's label and its file's name without extension. */
export type MigrationKey = readonly [app: string, name: string];

/** What a migration file says. */
export interface MigrationOptions {
  /** The migrations that must be applied before, such as `[["blog", "0001_initial"]]`. */
  readonly dependencies?: readonly MigrationKey[];
  /** Whether it makes the app's first tables. */
  readonly initial?: boolean;
  /** What changes, in order. All of it is applied in one transaction, or nothing. */
  readonly operations: readonly Operation[];
}

/** A migration as its file exports it. */
export interface Migration {
  readonly dependencies: readonly MigrationKey[];
  readonly initial: boolean;
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
    operations: Object.freeze([...options.operations]),
  });
}

/** `"blog.0001_initial"`. */
export function migrationKey(migration: { readonly app: string; readonly name: string }): string {
  return `${migration.app}.${migration.name}`;
}
