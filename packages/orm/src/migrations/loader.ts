import { readdirSync } from "node:fs";
import { basename, extname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { type AppConfig, appDirectory } from "@tsjango/kernel/apps";
import { BadMigrationError } from "../exceptions.ts";
import { MigrationGraph } from "./graph.ts";
import { type Migration, migration, type NamedMigration } from "./migration.ts";

/** A number first: other modules, and declarations, may lie beside the migrations. */
const FILE = /^\d+_\w+\.m?[jt]s$/;

/** Reads the migrations of `apps` from the files in their `migrations/` directories. Needs no database. */
export async function loadMigrations(apps: readonly AppConfig[]): Promise<MigrationGraph> {
  const found: NamedMigration[] = [];
  for (const app of apps) {
    for (const file of migrationFiles(app)) found.push(await loadMigration(app.label, file));
  }
  return new MigrationGraph(found);
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
