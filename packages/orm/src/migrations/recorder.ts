import type { Backend, CompiledStatement } from "../backends/base/backend.ts";
import { type Connection, rowObjects } from "../backends/base/connection.ts";
import { quoteName } from "../backends/base/schema-editor.ts";
import { type Migration, migrationKey, type NamedMigration } from "./migration.ts";
import { migrationHash } from "./migration-hash.ts";
import { historicField, renderTable } from "./render-table.ts";
import { type ModelState, ProjectState } from "./state.ts";
import { introspections, schemaEditors } from "./vendors.ts";

const RECORD: ModelState = {
  app: "tsjango",
  name: "Migration",
  dbTable: "tsjango_migrations",
  managed: true,
  fields: {
    id: { kind: "auto", options: { primaryKey: true } },
    app: { kind: "char", options: { maxLength: 255 } },
    name: { kind: "char", options: { maxLength: 255 } },
    applied: { kind: "dateTime", options: {} },
    hash: { kind: "char", options: { maxLength: 64, null: true } },
    progress: { kind: "integer", options: { null: true } },
  },
  indexes: [],
  constraints: [{ name: "tsjango_migrations_app_name_uniq", unique: ["app", "name"] }],
};

/** A migration as the database remembers it. */
export interface AppliedMigration {
  readonly app: string;
  readonly name: string;
  readonly applied: Date;
  /** What it did when it was applied (`migrationHash`); undefined where that was not noted. */
  readonly hash: string | undefined;
}

/** What the table `tsjango_migrations` remembers; nothing where there is no such table. */
export async function appliedMigrations(backend: Backend): Promise<AppliedMigration[]> {
  const tables = await introspections[backend.vendor].tableNames(backend);
  if (!tables.includes(RECORD.dbTable)) return [];
  const result = await backend.execute(`SELECT * FROM ${quoteName(RECORD.dbTable)} ORDER BY id`);
  const { field } = historicField(new ProjectState([RECORD]), RECORD, "applied");
  return rowObjects(result)
    .filter((row) => Number(row["progress"] ?? -1) < 0)
    .map((row) => ({
      app: String(row["app"]),
      name: String(row["name"]),
      applied: field.fromDatabase(row["applied"], backend) as Date,
      hash: row["hash"] == null ? undefined : String(row["hash"]),
    }));
}

const complete = new WeakSet<Backend>();

/** Makes the table of applied migrations where it is missing; inside a transaction that holds the lock. */
export async function ensureRecordTable(connection: Connection, backend: Backend): Promise<void> {
  const introspection = introspections[backend.vendor];
  const editor = schemaEditors[backend.vendor];
  const tables = await introspection.tableNames(connection);
  const table = renderTable(new ProjectState([RECORD]), RECORD, backend);
  if (!tables.includes(RECORD.dbTable)) {
    for (const statement of editor.createTable(table)) await connection.execute(statement);
  } else if (!complete.has(backend)) {
    // One made by an earlier release has fewer columns.
    const found = new Set((await introspection.table(connection, RECORD.dbTable))?.columns.map(({ name }) => name));
    const columns = table.columns.filter(({ name }) => found.has(name));
    const sources = new Map(columns.map(({ name }) => [name, name] as const));
    const change = { from: { ...table, columns }, to: table, sources, fills: new Map() };
    for (const statement of editor.alterTable(change)) await connection.execute(statement);
  }
  complete.add(backend);
}

/** Whether a migration is recorded, asked inside the transaction. */
export async function isRecorded(connection: Connection, backend: Backend, key: RecordKey): Promise<boolean> {
  return (await progressOf(connection, backend, key)) === "applied";
}

/** How far a migration is: applied, not at all, or some parts of it; negative where it is being taken back. */
export async function progressOf(
  connection: Pick<Connection, "execute">,
  backend: Backend,
  key: RecordKey,
): Promise<"applied" | number | undefined> {
  const { sql, parameters } = withKey(backend, `SELECT progress FROM ${quoteName(RECORD.dbTable)}`, key);
  const [row] = (await connection.execute(sql, parameters)).rows;
  if (row === undefined) return undefined;
  return row[0] === null ? "applied" : Number(row[0]);
}

/** Notes how many parts of a migration are done. */
export async function setProgress(
  connection: Connection,
  backend: Backend,
  { progress, ...migration }: RecordKey & Partial<Migration> & { readonly progress: number },
): Promise<void> {
  // In one statement: a row without this number stands for a migration that is done.
  if ((await progressOf(connection, backend, migration)) === undefined) {
    return record(connection, backend, migration, progress);
  }
  const table = quoteName(RECORD.dbTable);
  const { sql, parameters } = withKey(backend, `UPDATE ${table} SET progress = ${Math.trunc(progress)}`, migration);
  await connection.execute(sql, parameters);
}

/** Remembers a migration as applied now. */
export async function record(
  connection: Pick<Connection, "execute">,
  backend: Backend,
  { app, name, operations }: RecordKey & Partial<Migration>,
  progress: number | null = null,
): Promise<void> {
  const { field } = historicField(new ProjectState([RECORD]), RECORD, "applied");
  const hash = operations === undefined ? null : migrationHash({ operations });
  await connection.execute(
    `INSERT INTO ${quoteName(RECORD.dbTable)} (app, name, applied, hash, progress) ` +
      `VALUES (${placeholders(backend, 5).join(", ")})`,
    [app, name, field.toDatabase(new Date(), backend), hash, progress === null ? null : String(progress)],
  );
}

/** Remembers, or forgets, a migration and those whose place it takes. */
export async function remember(
  connection: Connection,
  backend: Backend,
  { migration, direction }: { readonly migration: NamedMigration; readonly direction: "forwards" | "backwards" },
): Promise<void> {
  const replaced = (migration.replaces ?? []).map(([app, name]) => ({ app, name }));
  for (const each of replaced) await unrecord(connection, backend, each);
  if (direction === "backwards") return unrecord(connection, backend, migration);
  for (const each of replaced) await record(connection, backend, each);
  await record(connection, backend, migration);
}

/** Remembers migrations that take the place of applied ones. */
export async function recordReplacing({
  backend,
  graph,
  applied,
  records,
}: {
  readonly backend: Backend;
  readonly graph: { readonly order: readonly NamedMigration[] };
  readonly applied: ReadonlySet<string>;
  readonly records: readonly AppliedMigration[];
}): Promise<void> {
  const known = new Set(records.map(migrationKey));
  for (const migration of graph.order) {
    const key = migrationKey(migration);
    if (applied.has(key) && !known.has(key)) await record(backend, backend, migration);
  }
}

/** Notes what a migration does now as what was applied. */
export async function acceptHash(backend: Backend, migration: RecordKey & Migration): Promise<void> {
  const hash = migrationHash(migration);
  const { sql, parameters } = withKey(backend, `UPDATE ${quoteName(RECORD.dbTable)} SET hash = '${hash}'`, migration);
  await backend.execute(sql, parameters);
}

/** Forgets a migration. */
export async function unrecord(
  connection: Pick<Connection, "execute">,
  backend: Backend,
  key: RecordKey,
): Promise<void> {
  const { sql, parameters } = withKey(backend, `DELETE FROM ${quoteName(RECORD.dbTable)}`, key);
  await connection.execute(sql, parameters);
}

/** Names a migration in the table. */
export interface RecordKey {
  readonly app: string;
  readonly name: string;
}

function withKey(backend: Backend, statement: string, { app, name }: RecordKey): CompiledStatement {
  const [first, second] = placeholders(backend, 2);
  return { sql: `${statement} WHERE app = ${first} AND name = ${second}`, parameters: [app, name] };
}

function placeholders(backend: Backend, count: number): string[] {
  return Array.from({ length: count }, (_, index) => (backend.vendor === "sqlite" ? "?" : `$${index + 1}`));
}
