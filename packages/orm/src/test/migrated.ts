import { connections } from "../connections.ts";

/** Migrates the database of a URL as the alias's own, tells `look` of it and closes it. */
export async function migrated(alias: string, url: string, look: () => Promise<void> = async () => {}): Promise<void> {
  const { migrateAll } = await import("../migrations/index.ts");
  await connections.override(alias, url);
  try {
    await migrateAll(alias);
    await look();
  } finally {
    await connections.override(alias, undefined);
  }
}
