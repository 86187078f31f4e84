import type { Backend } from "../backends/base/backend.ts";
import { type Connection, rowObjects } from "../backends/base/connection.ts";
import type { MigrationDatabase } from "./migration-database.ts";
import type { ProjectState } from "./state.ts";

/** Where code of a migration runs. */
export interface CodePlace {
  readonly backend: Backend;
  readonly connection: Connection;
  /** The models as they are at this point of the history. */
  readonly state: ProjectState;
  /** Whether there is no transaction around it. */
  readonly alone?: boolean;
}

/** Runs code of a migration with the database as it may see it. */
export async function codeDatabase(
  { backend, connection }: CodePlace,
  code: (database: MigrationDatabase) => Promise<void>,
): Promise<void> {
  await code({
    vendor: backend.vendor,
    execute: async (sql, parameters = []) => rowObjects(await connection.execute(sql, parameters)),
  });
}
