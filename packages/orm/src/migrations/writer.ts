import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Migration, NamedMigration } from "./migration.ts";
import type { CreateModelOptions } from "./operations/models.ts";
import type { Operation } from "./operations/operation.ts";
import { arraySource, list, objectSource, prefixed, render, type Source, valueSource } from "./source-text.ts";
import type { FieldState } from "./state.ts";

const DOOR = "tsjango/db/migrations";

/** The source of a migration file. The same migration always gives the same text. */
export function writeMigrationSource(migration: Migration): string {
  const entries: [string, Source][] = [];
  if (migration.initial) entries.push(["initial", "true"]);
  if (migration.dependencies.length > 0) {
    entries.push(["dependencies", arraySource(migration.dependencies.map((key) => valueSource(key, "dependencies")))]);
  }
  const operations = migration.operations.map(operationSource);
  entries.push(["operations", operations.length === 0 ? "[]" : list("[", operations, "]", { broken: true })]);
  const body = render(list("migration(", [objectSource(entries, { broken: true })], ")"));
  return `import { ${importedNames(migration).join(", ")} } from "${DOOR}";\n\nexport default ${body};\n`;
}

/** Writes a migration into `directory` (made when it is missing) and returns the file's path. */
export function writeMigration(directory: string, migration: NamedMigration): string {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${migration.name}.ts`);
  // "wx": never over a file that is there.
  writeFileSync(file, writeMigrationSource(migration), { flag: "wx" });
  return file;
}

function importedNames(migration: Migration): string[] {
  const names = new Set(["migration", ...migration.operations.map((operation) => operation.call[0])]);
  if (migration.operations.some((operation) => fieldsOf(operation).length > 0)) names.add("fields");
  return [...names].sort();
}

function fieldsOf({ call: [name, ...args] }: Operation): FieldState[] {
  if (name === "createModel") return Object.values((args[1] as CreateModelOptions).fields);
  return name === "addField" || name === "alterField" ? [args[2] as FieldState] : [];
}

function operationSource(operation: Operation): Source {
  const [name, ...args] = operation.call;
  return list(
    `${name}(`,
    args.map((arg, position) => argumentSource(operation, arg, position)),
    ")",
  );
}

function argumentSource(operation: Operation, arg: unknown, position: number): Source {
  const [name, model] = operation.call;
  const what = `${name}("${model}", …)`;
  if (name === "createModel" && position === 1) return modelSource(arg as CreateModelOptions, what);
  if (position === 2 && fieldsOf(operation).includes(arg as FieldState)) return fieldSource(arg as FieldState, what);
  return valueSource(arg, what);
}

function modelSource({ fields, ...options }: CreateModelOptions, what: string): Source {
  const columns = Object.entries(fields).map(
    ([name, field]) => [name, fieldSource(field, `${what}: ${name}`)] as const,
  );
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return objectSource([
    ["fields", objectSource(columns, { broken: true })],
    ...given.map(([key, value]) => [key, valueSource(value, what)] as const),
  ]);
}

function fieldSource(field: FieldState, what: string): Source {
  const options = Object.keys(field.options).length === 0 ? [] : [valueSource(field.options, what)];
  const target = field.to === undefined ? [] : [JSON.stringify(field.to)];
  return prefixed(`fields.${field.kind}`, list("(", [...target, ...options], ")"));
}
