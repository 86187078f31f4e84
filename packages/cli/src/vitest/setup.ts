import { setup, tearDown } from "@tsjango/kernel/apps";
import { afterAll, aroundEach } from "vitest";
import { loadProject, runInside, testHooksOf } from "./project-under-test.ts";

// Vitest runs this file before each test file, in the worker that will run it.
const settings = await loadProject();
await setup(settings);
const hooks = await testHooksOf(settings);
const undo: (() => Promise<void>)[] = [];
for (const hook of hooks) {
  const step = await hook.setUpWorker?.(Number(process.env["VITEST_POOL_ID"] ?? 1));
  if (step !== undefined) undo.unshift(step);
}

aroundEach((runTest) => runInside(hooks, runTest));

afterAll(async () => {
  for (const step of undo) await step();
  await tearDown();
});
