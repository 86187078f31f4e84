import type { Piscina } from "piscina";
import type { WorkerAnswer, WorkerTask } from "./worker-pool.ts";

/** The pool of worker threads while there is one; apart from it, so that nobody loads it to close it. */
export const openPool: {
  current: Piscina<WorkerTask, WorkerAnswer> | undefined;
  size: number | undefined;
  idleTimeout: number | undefined;
} = { current: undefined, size: undefined, idleTimeout: undefined };

/** Says how many threads a pool that is made from now on has, and after how many ms without work they end. */
export function configureWorkerPool({
  size,
  idleTimeout,
}: {
  size?: number | undefined;
  idleTimeout?: number | undefined;
}): void {
  Object.assign(openPool, { size, idleTimeout });
}

/** Ends the worker threads; a later call of a function starts others. */
export async function closeWorkerPool(): Promise<void> {
  const { current } = openPool;
  openPool.current = undefined;
  await current?.destroy();
}
