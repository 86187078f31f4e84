import type { Backend } from "../backends/base/backend.ts";
import { type Connection, rowObjects } from "../backends/base/connection.ts";
import { refuseSpoiled } from "../transaction/atomic.ts";
import { Block, runIn } from "../transaction/block.ts";
import { historicModels } from "./historic-models.ts";
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

/** Runs code of a migration with the database as it may see it; gives what it left for after the commit. */
export async function codeDatabase(
  { backend, connection, state, alone = false }: CodePlace,
  code: (database: MigrationDatabase) => Promise<void>,
): Promise<readonly (() => unknown)[]> {
  const database: MigrationDatabase = {
    vendor: backend.vendor,
    model: historicModels(state, backend.alias),
    execute: async (sql, parameters = []) => rowObjects(await connection.execute(sql, parameters)),
  };
  if (alone) {
    await code(database);
    return [];
  }
  // Query sets find the migration's transaction as that of an atomic block.
  const block = new Block({ backend, connection });
  await runIn(backend.alias, block, () => code(database));
  refuseSpoiled(block);
  return block.callbacks;
}
