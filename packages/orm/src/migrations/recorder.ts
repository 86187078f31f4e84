import type { Backend, CompiledStatement } from "../backends/base/backend.ts";
import { type Connection, rowObjects } from "../backends/base/connection.ts";
import { quoteName } from "../backends/base/schema-editor.ts";
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
  },
  indexes: [],
  constraints: [{ name: "tsjango_migrations_app_name_uniq", unique: ["app", "name"] }],
};

/** A migration as the database remembers it. */
export interface AppliedMigration {
  readonly app: string;
  readonly name: string;
  readonly applied: Date;
}

/** What the database `tsjango_migrations` remembers; nothing where there is no such table. */
export async function appliedMigrations(backend: Backend): Promise<AppliedMigration[]> {
  const tables = await introspections[backend.vendor].tableNames(backend);
  if (!tables.includes(RECORD.dbTable)) return [];
  const result = await backend.execute(`SELECT app, name, applied FROM ${quoteName(RECORD.dbTable)} ORDER BY id`);
  const { field } = historicField(new ProjectState([RECORD]), RECORD, "applied");
  return rowObjects(result).map((row) => ({
    app: String(row["app"]),
    name: String(row["name"]),
    applied: field.fromDatabase(row["applied"], backend) as Date,
  }));
}

/** Makes the table of applied migrations where it is missing; inside a transaction that holds the lock. */
export async function ensureRecordTable(connection: Connection, backend: Backend): Promise<void> {
  const tables = await introspections[backend.vendor].tableNames(connection);
  if (tables.includes(RECORD.dbTable)) return;
  const table = renderTable(new ProjectState([RECORD]), RECORD, backend);
  for (const statement of schemaEditors[backend.vendor].createTable(table)) await connection.execute(statement);
}

/** Whether a migration is recorded, asked inside the transaction. */
export async function isRecorded(connection: Connection, backend: Backend, key: RecordKey): Promise<boolean> {
  const { sql, parameters } = withKey(backend, `SELECT id FROM ${quoteName(RECORD.dbTable)}`, key);
  return (await connection.execute(sql, parameters)).rows.length > 0;
}

/** Remembers a migration as applied now. */
export async function record(connection: Connection, backend: Backend, { app, name }: RecordKey): Promise<void> {
  const { field } = historicField(new ProjectState([RECORD]), RECORD, "applied");
  const [first, second, third] = placeholders(backend, 3);
  await connection.execute(
    `INSERT INTO ${quoteName(RECORD.dbTable)} (app, name, applied) VALUES (${first}, ${second}, ${third})`,
    [app, name, field.toDatabase(new Date(), backend)],
  );
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
