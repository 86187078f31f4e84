import type { Piscina } from "piscina";
import type { WorkerAnswer, WorkerTask } from "./worker-pool.ts";

/** The pool of worker threads while there is one; apart from it, so that nobody loads it to close it. */
export const openPool: { current: Piscina<WorkerTask, WorkerAnswer> | undefined } = { current: undefined };

/** Ends the worker threads; a later call of a function starts others. */
export async function closeWorkerPool(): Promise<void> {
  const { current } = openPool;
  openPool.current = undefined;
  await current?.destroy();
}
