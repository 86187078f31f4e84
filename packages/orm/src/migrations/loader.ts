import { readdirSync } from "node:fs";
import { basename, extname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { type AppConfig, appDirectory } from "@tsjango/kernel/apps";
import { BadMigrationError, NodeNotFoundError } from "../exceptions.ts";
import { MigrationGraph } from "./graph.ts";
import { type Migration, type MigrationKey, migration, migrationKey, type NamedMigration } from "./migration.ts";
import { resolveReplacements } from "./replacements.ts";

/** A number first: other modules, and declarations, may lie beside the migrations. */
const FILE = /^\d+_\w+\.m?[jt]s$/;

/** The graph of the migrations of `apps`, as it is for an empty database. */
export async function loadMigrations(apps: readonly AppConfig[]): Promise<MigrationGraph> {
  return new MigrationGraph(resolveReplacements(await readMigrations(apps)).migrations);
}

/** Reads the migrations of `apps` from the files in their `migrations/` directories. Needs no database. */
export async function readMigrations(apps: readonly AppConfig[]): Promise<NamedMigration[]> {
  const files = apps.flatMap((app) => migrationFiles(app).map((file) => ({ app: app.label, file })));
  const found = await Promise.all(files.map(({ app, file }) => loadMigration(app, file)));
  return withRunBefore(found);
}

/** `runBefore` is a dependency that is written down at the other end. */
function withRunBefore(migrations: readonly NamedMigration[]): NamedMigration[] {
  const earlier = new Map<string, MigrationKey[]>();
  const known = new Set(migrations.map(migrationKey));
  for (const { app, name, file, runBefore = [] } of migrations) {
    for (const key of runBefore.map(([label, other]) => `${label}.${other}`)) {
      if (!known.has(key)) {
        throw new NodeNotFoundError(
          `Migration ${app}.${name} is to run before ${key}, which does not exist. Correct runBefore in ${file ?? "it"}.`,
        );
      }
      earlier.set(key, [...(earlier.get(key) ?? []), [app, name]]);
    }
  }
  return migrations.map((migration) => {
    const more = earlier.get(migrationKey(migration));
    return more === undefined ? migration : { ...migration, dependencies: [...migration.dependencies, ...more] };
  });
}

/** An app's migration files, in order of name; of a source and its compiled twin only the one that Node can run. */
export function migrationFiles(app: AppConfig): string[] {
  const directory = appDirectory(app, "migrations");
  if (directory === undefined) return [];
  const byName = new Map<string, string>();
  const installed = directory.includes(`${sep}node_modules${sep}`);
  for (const file of readdirSync(directory).sort()) {
    if (!FILE.test(file)) continue;
    const extension = extname(file);
    const name = basename(file, extension);
    const preferred = extension.endsWith("js") === installed;
    if (preferred || !byName.has(name)) byName.set(name, join(directory, file));
  }
  return [...byName.values()];
}

async function loadMigration(app: string, file: string): Promise<NamedMigration> {
  const name = basename(file, extname(file));
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(file).href);
  } catch (cause) {
    throw new BadMigrationError(`The migration ${file} cannot be loaded: ${(cause as Error).message}`, { cause });
  }
  if (!isMigration(module.default)) {
    throw new BadMigrationError(
      `The migration ${file} has no default export that is a migration. ` +
        "Write: export default migration({ dependencies: [], operations: [] });",
    );
  }
  return { ...migration(module.default), app, name, file };
}

function isMigration(value: unknown): value is Migration {
  return (
    typeof value === "object" &&
    value !== null &&
    Array.isArray((value as Partial<Migration>).operations) &&
    Array.isArray((value as Partial<Migration>).dependencies)
  );
}
