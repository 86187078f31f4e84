import type { MigrationStatus } from "./migrate.ts";
import { migrationKey, type NamedMigration } from "./migration.ts";
import { migrationHash } from "./migration-hash.ts";
import { acceptHash } from "./recorder.ts";

/** The applied migrations that do something else now than when they were applied. */
export function editedMigrations({ graph, records }: Pick<MigrationStatus, "graph" | "records">): NamedMigration[] {
  const hashes = new Map(records.map((each) => [migrationKey(each), each.hash]));
  return graph.order.filter((migration) => {
    const hash = hashes.get(migrationKey(migration));
    return hash !== undefined && hash !== migrationHash(migration);
  });
}

/** Takes what applied migrations do now for what was applied. */
export async function acceptEdited(status: MigrationStatus): Promise<NamedMigration[]> {
  const edited = editedMigrations(status);
  for (const migration of edited) await acceptHash(status.backend, migration);
  return edited;
}
