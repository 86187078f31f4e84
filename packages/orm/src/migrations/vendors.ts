import type { Vendor } from "../backends/base/backend.ts";
import type { Introspection } from "../backends/base/introspection.ts";
import type { SchemaEditor } from "../backends/base/schema-editor.ts";
import { postgresIntrospection } from "../backends/postgres/introspection.ts";
import { alterOnline } from "../backends/postgres/online.ts";
import { postgresSchemaEditor } from "../backends/postgres/schema-editor.ts";
import { sqliteIntrospection } from "../backends/sqlite/introspection.ts";
import { sqliteSchemaEditor } from "../backends/sqlite/schema-editor.ts";

/** The schema editor of each database. */
export const schemaEditors: Readonly<Record<Vendor, SchemaEditor>> = {
  sqlite: sqliteSchemaEditor,
  postgres: { ...postgresSchemaEditor, alterOnline },
};

/** What reads the tables of each database. */
export const introspections: Readonly<Record<Vendor, Introspection>> = {
  sqlite: sqliteIntrospection,
  postgres: postgresIntrospection,
};
