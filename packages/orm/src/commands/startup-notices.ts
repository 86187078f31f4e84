import { settings } from "@tsjango/kernel/conf";
import { DEFAULT_ALIAS } from "../constants.ts";
import { pendingMigrations } from "../migrations/index.ts";

/** What the development server says of the default database when it has started. */
export async function startupNotices(): Promise<string[]> {
  if (!Object.hasOwn(settings.databases, DEFAULT_ALIAS)) return [];
  let pending: string[];
  try {
    pending = await pendingMigrations();
  } catch (error) {
    return [`The migrations could not be looked at: ${(error as Error).message}`];
  }
  if (pending.length === 0) return [];
  const count = pending.length === 1 ? "1 unapplied migration" : `${pending.length} unapplied migrations`;
  return [`You have ${count}: ${pending.join(", ")}. Run "npx tsjango migrate" to apply.`];
}
