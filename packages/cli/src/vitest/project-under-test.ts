import { join } from "node:path";
import { setup, type TestHooks, type TestRun } from "@tsjango/kernel/apps";
import { findProject, loadSettings, type Project, type Settings } from "@tsjango/kernel/conf";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { isOn, RUN_DIRECTORY, TEST_SECRET_KEY } from "./environment.ts";

/** The host that the client's requests name. */
const CLIENT_HOST = "localhost";

/** What a worker's tests run in. */
export interface ProjectUnderTest {
  readonly settings: Settings;
  readonly hooks: readonly TestHooks[];
  readonly run: TestRun | undefined;
}

let prepared: Promise<ProjectUnderTest> | undefined;

/** Sets the project up, once in each worker. */
export function projectUnderTest(): Promise<ProjectUnderTest> {
  prepared ??= prepare();
  return prepared;
}

async function prepare(): Promise<ProjectUnderTest> {
  const { project, settings: loaded } = await loadProject();
  const settings = testSettings(loaded);
  // What tests import, such as asgi.ts, sets the project up with its own.
  await setup(settings, { insteadOf: loaded });
  const run = process.env[RUN_DIRECTORY] === undefined ? undefined : testRun(project);
  return { settings, hooks: await testHooksOf(settings), run };
}

/** The project that the tests run in, and its settings. */
export async function loadProject(): Promise<{ project: Project; settings: Settings }> {
  const project = findProject(process.cwd());
  if (project !== undefined) return { project, settings: await loadSettings(project) };
  throw new ImproperlyConfigured(
    `There is no tsjango project in ${process.cwd()} or above it; tests run with a project's settings. ` +
      'Add "tsjango": { "settings": "./mysite/settings.ts" } to its package.json.',
  );
}

/** What the installed apps do around tests, in order. */
export function testHooksOf(settings: Settings): Promise<TestHooks[]> {
  return Promise.all(settings.installedApps.flatMap((app) => app.testHooks?.() ?? []));
}

/** The run that the global set-up has begun. */
export function testRun(project: Project): TestRun {
  return {
    directory: process.env[RUN_DIRECTORY] as string,
    cacheDirectory: join(project.directory, "node_modules/.cache/tsjango"),
    keepDatabases: isOn("keepDatabases"),
    recreateDatabases: isOn("recreateDatabases"),
  };
}

/** Runs `inner` inside one hook of all apps, the first app's outermost. */
export function runInside(
  hooks: readonly (((run: () => Promise<void>) => Promise<void>) | undefined)[],
  inner: () => Promise<void>,
): Promise<void> {
  return hooks.reduceRight<() => Promise<void>>((run, hook) => (hook === undefined ? run : () => hook(run)), inner)();
}

/** The project's settings, never in debug, always with the same key, answering to the client. */
function testSettings(loaded: Settings): Settings {
  const answers = loaded.allowedHosts.includes(CLIENT_HOST) || loaded.allowedHosts.includes("*");
  const allowedHosts = answers ? loaded.allowedHosts : [...loaded.allowedHosts, CLIENT_HOST];
  return Object.freeze({ ...loaded, allowedHosts, debug: false, secretKey: TEST_SECRET_KEY });
}
