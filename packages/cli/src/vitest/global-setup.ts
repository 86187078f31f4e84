import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RUN_DIRECTORY, TEST_ENVIRONMENT } from "./environment.ts";

const PREFIX = "tsjango-test-run-";

/** Vitest's global set-up: a directory for the run, which is removed at its end with what the workers left elsewhere. */
export default async function setUp(): Promise<() => Promise<void>> {
  await removeDead();
  const directory = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  process.env[RUN_DIRECTORY] = directory;
  return async () => {
    try {
      if ((await readdir(directory)).length > 0) await tearDownRun();
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  };
}

/** Removes the directories of runs that were killed. */
async function removeDead(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    // Another user's stays.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

async function tearDownRun(): Promise<void> {
  Object.assign(process.env, TEST_ENVIRONMENT);
  const { loadProject, testHooksOf, testRun } = await import("./project-under-test.ts");
  const { setup, tearDown } = await import("@tsjango/kernel/apps");
  const { project, settings } = await loadProject();
  await setup(settings);
  for (const hooks of await testHooksOf(settings)) await hooks.tearDownRun?.(testRun(project));
  await tearDown();
}
