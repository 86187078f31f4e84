import { workerData } from "node:worker_threads";
import type { HelperData } from "./async-to-sync.ts";
import { findFunction } from "./module-functions.ts";
import { packError } from "./sent-error.ts";
import type { WorkerAnswer, WorkerTask } from "./worker-pool.ts";

// Runs async functions for a worker thread that waits for their answer.
const { port, answered } = workerData as HelperData;

async function run({ module, name, args }: WorkerTask): Promise<WorkerAnswer> {
  try {
    const fn = await findFunction(module, name);
    return { result: await fn.run(...(args as never[])) };
  } catch (error) {
    return { thrown: packError(error) };
  }
}

port.on("message", async (task: WorkerTask) => {
  const answer = await run(task);
  try {
    port.postMessage(answer);
  } catch (error) {
    port.postMessage({ thrown: packError(error) } satisfies WorkerAnswer);
  }
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
});
