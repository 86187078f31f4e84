import type { TestHooks } from "@tsjango/kernel/apps";
import { findProject, loadSettings, type Settings } from "@tsjango/kernel/conf";
import { CommandError } from "@tsjango/kernel/exceptions";

/** The settings of the project that the tests run in. */
export async function loadProject(): Promise<Settings> {
  const project = findProject(process.cwd());
  if (project !== undefined) return loadSettings(project);
  throw new CommandError(
    `There is no tsjango project in ${process.cwd()} or above it: no package.json has "tsjango": { "settings": … }.`,
  );
}

/** What the installed apps do around tests, in order. */
export function testHooksOf(settings: Settings): Promise<TestHooks[]> {
  return Promise.all(settings.installedApps.flatMap((app) => app.testHooks?.() ?? []));
}

/** Runs a test inside the hooks of all apps, the first app's outermost. */
export function runInside(hooks: readonly TestHooks[], test: () => Promise<void>): Promise<void> {
  return hooks.reduceRight<() => Promise<void>>(
    (inner, hook) => (hook.aroundTest === undefined ? inner : async () => hook.aroundTest?.(inner)),
    test,
  )();
}
