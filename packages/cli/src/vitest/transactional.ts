import type { RunnerTask } from "vitest";

/** The tag of tests that really commit. */
export const TRANSACTIONAL = "transactional";

/** Whether a test, or a test in a file or `describe`, really commits. */
export function isTransactional(task: RunnerTask): boolean {
  if (task.tags?.includes(TRANSACTIONAL)) return true;
  return "tasks" in task && task.tasks.some(isTransactional);
}
