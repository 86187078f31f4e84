import type {} from "@tsjango/core/app";
import { createTemplateEngine, setTemplateEngine } from "@tsjango/core/template";
import { setup, type TestHooks, tearDown } from "@tsjango/kernel/apps";
import { findProject, loadSettings, type Settings } from "@tsjango/kernel/conf";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { afterAll, aroundEach, expect } from "vitest";
import { useTestSettings } from "./application.ts";
import { TEST_SECRET_KEY } from "./environment.ts";
import { client } from "./index.ts";
import { toHaveStatus } from "./matchers.ts";

/** The host that the client's requests name. */
const CLIENT_HOST = "localhost";

/** Vitest loads this file in each worker, before the tests. */
const settings = await testSettings();
await setup(settings);
setTemplateEngine(createTemplateEngine(settings));
useTestSettings(settings);
expect.extend({ toHaveStatus });

const hooks: readonly TestHooks[] = await Promise.all(
  settings.installedApps.flatMap((app) => (app.testHooks === undefined ? [] : [app.testHooks()])),
);
const endings: (() => Promise<void>)[] = [];
for (const { setUpWorker } of hooks) {
  const ending = await setUpWorker?.(Number(process.env["VITEST_POOL_ID"] ?? 1));
  if (ending !== undefined) endings.unshift(ending);
}

aroundEach(async (runTest) => {
  client.cookies.clear();
  const run = hooks.reduceRight<() => Promise<void>>(
    (inner, hook) => (hook.aroundTest === undefined ? inner : () => hook.aroundTest?.(inner) as Promise<void>),
    async () => {
      await runTest();
    },
  );
  await run();
});

afterAll(async () => {
  for (const ending of endings) await ending();
  await tearDown();
});

/** The project's settings, never in debug, always with the same key, answering to the client. */
async function testSettings(): Promise<Settings> {
  const project = findProject(process.cwd());
  if (project === undefined) {
    throw new ImproperlyConfigured(
      `There is no tsjango project in ${process.cwd()} or above it; tests run with a project's settings. ` +
        'Add "tsjango": { "settings": "./mysite/settings.ts" } to its package.json.',
    );
  }
  const loaded = await loadSettings(project);
  const answers = loaded.allowedHosts.includes(CLIENT_HOST) || loaded.allowedHosts.includes("*");
  // The same object where it can be: what the tests import, such as asgi.ts, then finds the project set up.
  if (answers && !loaded.debug && loaded.secretKey === TEST_SECRET_KEY) return loaded;
  const allowedHosts = answers ? loaded.allowedHosts : [...loaded.allowedHosts, CLIENT_HOST];
  return Object.freeze({ ...loaded, allowedHosts, debug: false, secretKey: TEST_SECRET_KEY });
}
