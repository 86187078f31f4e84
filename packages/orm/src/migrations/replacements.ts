import { type MigrationKey, migrationKey, type NamedMigration } from "./migration.ts";

/** The migrations that count, where some take the place of others. */
export interface Resolved {
  readonly migrations: readonly NamedMigration[];
  /** What is applied, with the migrations that take the place of applied ones. */
  readonly applied: ReadonlySet<string>;
  /** The keys that some migration takes the place of. */
  readonly replaced: ReadonlySet<string>;
}

/**
 * A migration with `replaces` stands for those it names, unless a database has some of them and not all: then these go
 * on until they are all applied. Source: Django's `MigrationLoader.build_graph`.
 */
export function resolveReplacements(
  migrations: readonly NamedMigration[],
  applied: ReadonlySet<string> = new Set(),
): Resolved {
  const there = new Set(applied);
  const replaced = new Set(migrations.flatMap(({ replaces = [] }) => replaces.map(keyOf)));
  let current = [...migrations];
  for (const squash of innerFirst(migrations)) {
    const key = migrationKey(squash);
    const keys = new Set((squash.replaces ?? []).map(keyOf));
    const done = [...keys].filter((each) => there.has(each));
    const present = current.filter((each) => keys.has(migrationKey(each)));
    if (done.length === keys.size || there.has(key)) there.add(key);
    if (done.length === 0 || there.has(key)) {
      current = current.filter((each) => !keys.has(migrationKey(each)));
      current = current.map((each) => withDependencies(each, (name) => (keys.has(name) ? [key] : [name])));
    } else if (present.length === keys.size) {
      const followed = new Set(present.flatMap((each) => each.dependencies.map(keyOf)));
      const last = [...keys].filter((each) => !followed.has(each));
      current = current.filter((each) => each !== squash && migrationKey(each) !== key);
      current = current.map((each) => withDependencies(each, (name) => (name === key ? last : [name])));
    }
  }
  return { migrations: current, applied: there, replaced };
}

/** One that is replaced itself comes before the one that replaces it. */
function innerFirst(migrations: readonly NamedMigration[]): NamedMigration[] {
  const squashes = migrations.filter((each) => (each.replaces ?? []).length > 0);
  const done = new Set<NamedMigration>();
  const visit = (squash: NamedMigration) => {
    if (done.has(squash)) return;
    done.add(squash);
    for (const inner of squashes) {
      if (squash.replaces?.some((key) => keyOf(key) === migrationKey(inner))) visit(inner);
    }
    done.delete(squash);
    done.add(squash);
  };
  for (const squash of squashes) visit(squash);
  return [...done];
}

function withDependencies(migration: NamedMigration, map: (key: string) => readonly string[]): NamedMigration {
  const own = migrationKey(migration);
  const keys = new Set(migration.dependencies.flatMap((key) => map(keyOf(key))).filter((key) => key !== own));
  const dependencies = [...keys].map((key): MigrationKey => {
    const dot = key.indexOf(".");
    return [key.slice(0, dot), key.slice(dot + 1)];
  });
  return { ...migration, dependencies };
}

function keyOf(key: MigrationKey): string {
  return `${key[0]}.${key[1]}`;
}
