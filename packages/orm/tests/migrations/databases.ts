import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Backend } from "../../src/backends/base/backend.ts";
import { rowObjects } from "../../src/backends/base/connection.ts";
import type { IntrospectedTable } from "../../src/backends/base/introspection.ts";
import type { TableDefinition } from "../../src/backends/base/schema-editor.ts";
import { openDatabase } from "../../src/connections.ts";
import { runStep } from "../../src/migrations/executor.ts";
import { migration, type NamedMigration } from "../../src/migrations/migration.ts";
import type { Operation } from "../../src/migrations/operations/operation.ts";
import { renderTable } from "../../src/migrations/render-table.ts";
import { stateAfter } from "../../src/migrations/replay.ts";
import { ProjectState, sortedModels } from "../../src/migrations/state.ts";
import { throughTable } from "../../src/migrations/through-models.ts";
import { introspections } from "../../src/migrations/vendors.ts";

/** A database made for one test. */
export interface TestDatabase extends AsyncDisposable {
  readonly backend: Backend;
  readonly url: string;
}

/** A fresh SQLite file. */
export function sqliteDatabase(): TestDatabase {
  const directory = mkdtempSync(join(tmpdir(), "tsjango-migrations-"));
  const url = `sqlite:${join(directory, "db.sqlite3")}`;
  const backend = openDatabase("default", { url });
  return {
    url,
    backend,
    async [Symbol.asyncDispose]() {
      await backend.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A history of one app on one database: each call applies one migration of these operations. */
export class History {
  readonly backend: Backend;
  readonly #done: { migration: NamedMigration; before: ProjectState }[] = [];
  #state = new ProjectState();

  constructor(backend: Backend) {
    this.backend = backend;
  }

  get state(): ProjectState {
    return this.#state;
  }

  async apply(...operations: Operation[]): Promise<void> {
    const name = String(this.#done.length + 1).padStart(4, "0");
    const next = { ...migration({ operations }), app: "blog", name, file: `blog/migrations/${name}.ts` };
    const before = this.#state;
    await runStep({ migration: next, direction: "forwards" }, before, { backend: this.backend });
    this.#done.push({ migration: next, before });
    this.#state = stateAfter(before, next);
  }

  async undo(): Promise<void> {
    const last = this.#done.pop();
    if (last === undefined) throw new Error("Nothing is applied.");
    await runStep({ migration: last.migration, direction: "backwards" }, last.before, { backend: this.backend });
    this.#state = last.before;
  }

  async rows(sql: string): Promise<Record<string, unknown>[]> {
    return rowObjects(await this.backend.execute(sql)).map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, typeof value === "bigint" ? Number(value) : value]),
      ),
    );
  }
}

/** The tables that the state says there are, in the form of those that the database says there are. */
export function expectedTables(state: ProjectState, backend: Backend): unknown[] {
  return sortedModels(state)
    .flatMap((model) => [model, ...Object.keys(model.fields).flatMap((name) => throughTable(model, name)?.model ?? [])])
    .map((model) => comparable(renderTable(state, model, backend)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The tables that the database says there are, less that of the applied migrations. */
export async function actualTables(backend: Backend): Promise<unknown[]> {
  const names = (await introspections[backend.vendor].tableNames(backend)).filter(
    (name) => name !== "tsjango_migrations",
  );
  const tables = await Promise.all(names.map((name) => introspections[backend.vendor].table(backend, name)));
  return tables.map((table) => comparable(table as IntrospectedTable));
}

function comparable(table: TableDefinition | IntrospectedTable) {
  const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);
  return {
    name: table.name,
    // A column that is added comes last, wherever its field stands.
    columns: [...table.columns].sort(byName).map(({ name, type, null: nullable, primaryKey, auto, references }) => ({
      name,
      type: normalType(type),
      null: nullable,
      primaryKey: primaryKey || ("primaryKey" in table && table.primaryKey?.columns.includes(name) === true),
      auto,
      references: references && `${references.table}.${references.column}`,
    })),
    indexes: [...table.indexes]
      .sort(byName)
      .map(({ name, columns, unique, where }) => ({ name, columns, unique, partial: where !== undefined })),
    checks: table.checks.map((check) => check.name).sort(),
  };
}

function normalType(type: string): string {
  return type
    .replace(/ COLLATE .*/, "")
    .replace("character varying", "varchar")
    .replaceAll(" ", "")
    .toLowerCase();
}
