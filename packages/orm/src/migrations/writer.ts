import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Duration } from "../fields/duration.ts";
import type { Migration, MigrationKey, NamedMigration } from "./migration.ts";
import type { CreateModelOptions } from "./operations/models.ts";
import type { Operation } from "./operations/operation.ts";
import { arraySource, list, objectSource, prefixed, render, type Source, valueSource } from "./source-text.ts";
import type { FieldState } from "./state.ts";

const DOOR = "tsjango/db/migrations";

/** Where an operation can be taken from that cannot be written down: it holds functions. */
export interface OperationOrigin {
  /** The migration's file, beside the one that is written. */
  readonly file: string;
  readonly index: number;
}

/** The source of a migration file. The same migration always gives the same text. */
export function writeMigrationSource(
  migration: Migration,
  origins: ReadonlyMap<Operation, OperationOrigin> = new Map(),
): string {
  const keys = (list: readonly MigrationKey[], what: string) => arraySource(list.map((key) => valueSource(key, what)));
  const entries: [string, Source][] = [];
  if (migration.initial) entries.push(["initial", "true"]);
  if (!migration.atomic) entries.push(["atomic", "false"]);
  if (migration.replaces?.length) entries.push(["replaces", keys(migration.replaces, "replaces")]);
  if (migration.dependencies.length > 0) entries.push(["dependencies", keys(migration.dependencies, "dependencies")]);
  if (migration.runBefore?.length) entries.push(["runBefore", keys(migration.runBefore, "runBefore")]);
  const kept = migration.operations.filter((each) => origins.has(each) && hasFunction(each.call));
  const files = [...new Set(kept.map((each) => (origins.get(each) as OperationOrigin).file))].sort();
  const names = new Map(files.map((file) => [file, `from${/^\d+/.exec(basename(file))?.[0] ?? ""}`]));
  const operations = migration.operations.map((each) => {
    if (!kept.includes(each)) return operationSource(each);
    const { file, index } = origins.get(each) as OperationOrigin;
    return `${names.get(file)}.operations[${index}]!`;
  });
  entries.push(["operations", operations.length === 0 ? "[]" : list("[", operations, "]", { broken: true })]);
  const body = render(list("migration(", [objectSource(entries, { broken: true })], ")"));
  const used = importedNames(migration.operations.filter((each) => !kept.includes(each)));
  const imports = [
    `import { ${used.join(", ")} } from "${DOOR}";`,
    ...files.map((file) => `import ${names.get(file)} from "./${basename(file)}";`),
  ];
  return `${imports.join("\n")}\n\nexport default ${body};\n`;
}

/** Writes a migration into `directory` (made when it is missing) and returns the file's path. */
export function writeMigration(
  directory: string,
  migration: NamedMigration,
  origins?: ReadonlyMap<Operation, OperationOrigin>,
): string {
  const source = writeMigrationSource(migration, origins);
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${migration.name}.ts`);
  // "wx": never over a file that is there.
  writeFileSync(file, source, { flag: "wx" });
  return file;
}

/** Where the operations of migrations stand, for those that cannot be written. */
export function originsOf(migrations: readonly NamedMigration[]): Map<Operation, OperationOrigin> {
  return new Map(
    migrations.flatMap(({ file, operations }) =>
      file === undefined ? [] : operations.map((each, index) => [each, { file, index }] as const),
    ),
  );
}

/** Whether a value has a function somewhere in it. */
export function hasFunction(value: unknown): boolean {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  return "call" in value ? hasFunction((value as Operation).call) : Object.values(value).some(hasFunction);
}

function importedNames(operations: readonly Operation[]): string[] {
  const all = operations.flatMap(withNested);
  const names = new Set(["migration", ...all.map((operation) => operation.call[0])]);
  if (all.some((operation) => fieldsOf(operation).length > 0)) names.add("fields");
  if (all.some((operation) => holdsDuration(operation.call))) names.add("Duration");
  return [...names].sort();
}

function holdsDuration(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Duration || Object.values(value).some(holdsDuration);
}

/** An operation and those that it holds. */
function withNested(operation: Operation): Operation[] {
  return [operation, ...nestedLists(operation).flatMap(([, list]) => list.flatMap(withNested))];
}

function nestedLists({ call: [name, options] }: Operation): [key: string, list: readonly Operation[]][] {
  if (name !== "runSql" && name !== "separateDatabaseAndState") return [];
  const { state, database } = options as { state?: readonly Operation[]; database?: readonly Operation[] };
  return [
    ...(database ? [["database", database] as [string, readonly Operation[]]] : []),
    ...(state ? [["state", state] as [string, readonly Operation[]]] : []),
  ];
}

function fieldsOf({ call: [name, ...args] }: Operation): FieldState[] {
  if (name === "createModel") return Object.values((args[1] as CreateModelOptions).fields);
  return name === "addField" || name === "alterField" ? [args[2] as FieldState] : [];
}

function operationSource(operation: Operation): Source {
  const [name, ...args] = operation.call;
  const nested = nestedLists(operation);
  if (nested.length > 0) {
    const lists = new Map(nested);
    const entries = Object.entries(args[0] as object).map(([key, value]): [string, Source] => {
      const own = lists.get(key);
      return [key, own ? arraySource(own.map(operationSource)) : valueSource(value, name)];
    });
    return list(`${name}(`, [objectSource(entries)], ")");
  }
  return list(
    `${name}(`,
    args.map((arg, position) => argumentSource(operation, arg, position)),
    ")",
  );
}

function argumentSource(operation: Operation, arg: unknown, position: number): Source {
  const [name, model] = operation.call;
  const what = typeof model === "string" ? `${name}("${model}", …)` : `${name}(…)`;
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
  if (field.kind === "compositePrimaryKey") {
    return arraySource(
      (field.options["names"] as readonly string[]).map((name) => valueSource(name, what)),
      "fields.compositePrimaryKey(",
      ")",
    );
  }
  const { base, ...given } = field.options;
  const options = field.kind === "array" ? given : field.options;
  const elements = field.kind === "array" ? [fieldSource(base as FieldState, what)] : [];
  const written = Object.keys(options).length === 0 ? [] : [valueSource(options, what)];
  const target = field.to === undefined ? [] : [JSON.stringify(field.to)];
  return prefixed(`fields.${field.kind}`, list("(", [...target, ...elements, ...written], ")"));
}
