import { closeWorkerPool, configureWorkerPool } from "../async/open-pool.ts";
import { configure } from "../conf/active-settings.ts";
import type { Settings } from "../conf/settings.ts";
import { configureLogging } from "../logging/index.ts";
import { apps } from "./registry.ts";

let running: { settings: Settings; insteadOf: Settings | undefined; done: Promise<Settings> } | undefined;

/** What `setup` may be told. */
export interface SetupOptions {
  /** The settings in whose place these come, as in tests: a set-up with those keeps these in force. */
  readonly insteadOf?: Settings | undefined;
}

/**
 * Puts settings in force, loads the apps' models, and calls each app's `ready()` in order. Calling it again with the
 * same settings does nothing. Gives the settings in force. Source: `django.setup()`.
 */
export function setup(settings: Settings, { insteadOf }: SetupOptions = {}): Promise<Settings> {
  if (running?.settings === settings || running?.insteadOf === settings) return running.done;
  const done = load(settings);
  running = { settings, insteadOf, done };
  done.catch(() => {
    running = undefined;
  });
  return done;
}

/**
 * Undoes `setup()`: calls each app's `close()`, last app first, and ends the worker threads. What has been closed opens
 * again when it is used.
 */
export async function tearDown(): Promise<void> {
  const settings = running?.settings;
  running = undefined;
  for (const app of settings?.installedApps.toReversed() ?? []) await app.close?.();
  await closeWorkerPool();
}

async function load(settings: Settings): Promise<Settings> {
  configure(settings);
  // Tests set up settings that were not completed.
  configureWorkerPool(settings.workerThreads ?? {});
  configureLogging(settings);
  await apps.load(settings.installedApps);
  for (const app of settings.installedApps) await app.ready?.();
  return settings;
}
