import type { AboutSections } from "@tsjango/kernel/apps";
import { connections } from "../connections.ts";
import { pendingMigrations } from "../migrations/index.ts";

/** What `tsjango about` says of each database of the settings; of one that cannot be reached, why. The command masks passwords. */
export async function about(): Promise<AboutSections> {
  const sections = connections.aliases().map(async (alias) => {
    const backend = connections.get(alias);
    const facts = { vendor: backend.vendor, url: connections.options(alias).url };
    try {
      const [version, pending] = [await backend.version(), await pendingMigrations(alias)];
      return [`database ${alias}`, { ...facts, version, "pending migrations": pending }] as const;
    } catch (error) {
      return [`database ${alias}`, { ...facts, error: (error as Error).message }] as const;
    }
  });
  return Object.fromEntries(await Promise.all(sections));
}
