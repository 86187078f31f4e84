/** What of Vitest's own state in a worker is used here. */
interface VitestWorker {
  readonly onCleanup?: (listener: () => Promise<void>) => void;
}

let waits = false;

/** Calls `work` when this worker has run its last file; called again for each file, it asks once. */
export function atWorkerEnd(work: () => Promise<void>): void {
  if (waits) return;
  waits = true;
  const worker: VitestWorker | undefined = Reflect.get(globalThis, "__vitest_worker__");
  // Without it, what is open closes with the process.
  worker?.onCleanup?.(work);
}
