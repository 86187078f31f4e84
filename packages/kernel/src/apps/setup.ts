import { configure } from "../conf/active-settings.ts";
import type { Settings } from "../conf/settings.ts";
import { apps } from "./registry.ts";

let running: { settings: Settings; done: Promise<void> } | undefined;

/**
 * Puts settings in force, loads the apps' models, and calls each app's `ready()` in order. Calling it again with the
 * same settings does nothing. Source: `django.setup()`.
 */
export function setup(settings: Settings): Promise<void> {
  if (running?.settings === settings) return running.done;
  const done = load(settings);
  running = { settings, done };
  done.catch(() => {
    running = undefined;
  });
  return done;
}

/** Undoes `setup()`: calls each app's `close()`, last app first. What has been closed opens again when it is used. */
export async function tearDown(): Promise<void> {
  const settings = running?.settings;
  running = undefined;
  for (const app of settings?.installedApps.toReversed() ?? []) await app.close?.();
}

async function load(settings: Settings): Promise<void> {
  configure(settings);
  await apps.load(settings.installedApps);
  for (const app of settings.installedApps) await app.ready?.();
}
