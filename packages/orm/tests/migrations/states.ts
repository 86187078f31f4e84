import { type Migration, migrationKey, type NamedMigration } from "../../src/migrations/migration.ts";
import { defaultTable } from "../../src/migrations/operations/models.ts";
import { type FieldState, type ModelState, ProjectState } from "../../src/migrations/state.ts";

export const id: FieldState = { kind: "auto", options: { primaryKey: true } };
export const char = (maxLength = 100): FieldState => ({ kind: "char", options: { maxLength } });
export const integer = (options: Record<string, unknown> = {}): FieldState => ({ kind: "integer", options });
export const key = (to: string, options: Record<string, unknown> = {}): FieldState => ({
  kind: "foreignKey",
  to,
  options: { onDelete: "cascade", ...options },
});

/** A model with an id and these fields. */
export function model(label: string, fields: Record<string, FieldState>, more: Partial<ModelState> = {}): ModelState {
  const [app, name] = label.split(".") as [string, string];
  const dbTable = defaultTable(app, name);
  return { app, name, dbTable, managed: true, fields: { id, ...fields }, indexes: [], constraints: [], ...more };
}

export function state(...models: ModelState[]): ProjectState {
  return new ProjectState(models);
}

/** A migration without operations. */
export function named(label: string, ...dependencies: string[]): NamedMigration {
  const [app, name] = label.split(".") as [string, string];
  const keys = dependencies.map((each) => each.split(".") as [string, string]);
  return {
    app,
    name,
    dependencies: keys,
    initial: false,
    atomic: true,
    operations: [],
    file: `/project/${app}/migrations/${name}.ts`,
  };
}

/** What a list of migrations does, in words. */
export function summary(migrations: readonly (Migration & { app: string; name: string })[]): string[] {
  return migrations.map((each) => `${migrationKey(each)}: ${each.operations.map((one) => one.description).join(", ")}`);
}
