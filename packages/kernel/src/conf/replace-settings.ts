import { configure, settings } from "./active-settings.ts";
import { parseSettings } from "./schema.ts";
import type { Settings, SettingsInput } from "./settings.ts";

/** What `replaceSettings` takes: any settings; `custom` is replaced as a whole. */
export type SettingsOverrides = Partial<SettingsInput> & { readonly custom?: Partial<Settings["custom"]> };

/**
 * Puts the settings in force with some of them changed, for tests; returns what puts the former ones back. The new
 * values are checked as those in settings.ts are; what has read the former ones at its start keeps them.
 * @throws ImproperlyConfigured
 */
export function replaceSettings(changes: SettingsOverrides): () => void {
  const former: Settings = Object.freeze({ ...settings });
  const apps = former.installedApps;
  const parsed = parseSettings({ ...former, ...changes }, apps);
  const changed = Object.fromEntries(Object.keys(changes).map((key) => [key, parsed[key]]));
  configure(Object.freeze({ ...former, ...changed }));
  return () => configure(former);
}
