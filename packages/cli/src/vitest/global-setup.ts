import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RUN_DIRECTORY, TEST_ENVIRONMENT } from "./environment.ts";

/** Vitest's global set-up: a directory for the run, which is removed at its end with what the workers left elsewhere. */
export default async function setUp(): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "tsjango-test-run-"));
  process.env[RUN_DIRECTORY] = directory;
  return async () => {
    try {
      if ((await readdir(directory)).length > 0) await tearDownRun();
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  };
}

async function tearDownRun(): Promise<void> {
  Object.assign(process.env, TEST_ENVIRONMENT);
  const { loadProject, testHooksOf, testRun } = await import("./project-under-test.ts");
  const { project, settings } = await loadProject();
  const { setup, tearDown } = await import("@tsjango/kernel/apps");
  await setup(settings);
  for (const hooks of await testHooksOf(settings)) await hooks.tearDownRun?.(testRun(project));
  await tearDown();
}
