import { migrationStatus } from "./migrate.ts";
import { unknownMigrations } from "./plan.ts";
import { unrecord } from "./recorder.ts";

/** Forgets the applied migrations of an app whose files are gone; returns their keys. Touches no table of the app. */
export async function pruneRecords(alias: string, app: string): Promise<string[]> {
  const { backend, graph, applied, replaced } = await migrationStatus(alias);
  const gone = unknownMigrations(graph, applied, new Set([app])).filter((key) => !replaced.has(key));
  for (const key of gone) await unrecord(backend, backend, { app, name: key.slice(app.length + 1) });
  return gone;
}
