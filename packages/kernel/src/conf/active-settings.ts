import { ImproperlyConfigured } from "../exceptions.ts";
import { didYouMean } from "../utils/index.ts";
import type { Settings } from "./settings.ts";

let active: Settings | undefined;

/** Puts settings in force. `setup()` calls it; tests may. */
export function configure(settings: Settings): void {
  active = settings;
}

/** Whether settings are in force. */
export function isConfigured(): boolean {
  return active !== undefined;
}

/** The settings in force as they are, for code that reads several for each request; `settings` looks each one up. */
export function activeSettings(): Settings {
  if (active !== undefined) return active;
  throw new ImproperlyConfigured(
    "The settings were read before they were loaded. Run this through the tsjango command, " +
      'or call "await setup(settings)" (from "tsjango/apps") first.',
  );
}

/**
 * The settings in force, readable anywhere once the project is set up.
 * @throws ImproperlyConfigured before set-up, and for a name that is no setting.
 */
export const settings: Settings = new Proxy({} as Settings, {
  get(_target, key) {
    const current = activeSettings();
    if (typeof key === "symbol" || key in current) return Reflect.get(current, key);
    throw new ImproperlyConfigured(`There is no setting "${key}".${didYouMean(key, Object.keys(current))}`);
  },
  has: (_target, key) => Reflect.has(activeSettings(), key),
  ownKeys: () => Reflect.ownKeys(activeSettings()),
  getOwnPropertyDescriptor(_target, key) {
    const descriptor = Reflect.getOwnPropertyDescriptor(activeSettings(), key);
    return descriptor && { ...descriptor, configurable: true };
  },
  set(_target, key) {
    throw new ImproperlyConfigured(`Settings are read-only; "${String(key)}" was assigned to.`);
  },
});
