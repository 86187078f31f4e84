import type { StartupNotice } from "@tsjango/kernel/apps";
import { settings } from "@tsjango/kernel/conf";
import { connections } from "../connections.ts";
import { DEFAULT_ALIAS } from "../constants.ts";
import { pendingMigrations } from "../migrations/index.ts";

/** What the development server says of the default database when it has started: what it is, what is to be migrated. */
export async function startupNotices(): Promise<StartupNotice[]> {
  if (!Object.hasOwn(settings.databases, DEFAULT_ALIAS)) return [];
  try {
    const [version, pending] = [await connections.get().version(), await pendingMigrations()];
    const notices: StartupNotice[] = [{ text: `Database: ${version}`, level: "info" }];
    if (pending.length === 0) return notices;
    const count = pending.length === 1 ? "1 unapplied migration" : `${pending.length} unapplied migrations`;
    const text = `You have ${count}: ${pending.join(", ")}. Run "npx tsjango migrate" to apply.`;
    return [...notices, { text, command: "migrate" }];
  } catch (error) {
    return [{ text: `The migrations could not be looked at: ${(error as Error).message}` }];
  }
}
