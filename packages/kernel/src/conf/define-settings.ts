import type { AppConfig } from "../apps/app-config.ts";
import { parseSettings } from "./schema.ts";
import type { Settings, SettingsInput } from "./settings.ts";

/** Checks a project's settings and completes them with defaults. */
export type DefineSettings = <const C extends object = Readonly<Record<string, unknown>>>(
  input: SettingsInput & { custom?: C },
) => Omit<Settings, "custom"> & { readonly custom: C };

/**
 * Makes a `defineSettings` that always installs `builtinApps`, before the project's own apps.
 * Throws `InvalidSettings` on an unknown key (naming the nearest one) or a wrong value (naming its path).
 */
export function settingsDefiner(builtinApps: readonly AppConfig[]): DefineSettings {
  return function defineSettings<const C extends object>(input: SettingsInput & { custom?: C }) {
    const apps = Array.isArray(input.installedApps) ? input.installedApps : [];
    const installedApps = [...builtinApps, ...apps.filter((app) => !builtinApps.includes(app))];
    const known = installedApps.filter((app) => typeof app === "object" && app !== null);
    const raw = Array.isArray(input.installedApps ?? []) ? { ...input, installedApps } : input;
    return Object.freeze(parseSettings(raw, known)) as unknown as Omit<Settings, "custom"> & { readonly custom: C };
  };
}
