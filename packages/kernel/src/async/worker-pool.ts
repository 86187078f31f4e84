import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { WorkerFunctionError } from "../exceptions.ts";
import { currentContext } from "./context.ts";
import type { ModuleFunction, Transferable } from "./module-functions.ts";
import { openPool } from "./open-pool.ts";
import { type Sent, unpackError } from "./sent-error.ts";

/** What a thread is asked to do. */
export interface WorkerTask {
  readonly module: string;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What it answers. */
export type WorkerAnswer = { readonly result: unknown } | { readonly thrown: Sent };

const IDLE_TIMEOUT = 30_000;

/** The pool, made when it is first used. Its idle threads do not keep the process running. */
function workerPool(): Piscina<WorkerTask, WorkerAnswer> {
  const { size, idleTimeout } = openPool;
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  openPool.current ??= new Piscina({
    filename: fileURLToPath(new URL(`./pool-thread.${extension}`, import.meta.url)),
    minThreads: 0,
    // The main thread needs a processor of its own, or it waits for them.
    maxThreads: size ?? Math.max(1, availableParallelism() - 1),
    idleTimeout: idleTimeout ?? IDLE_TIMEOUT,
    recordTiming: false,
    // A thread that waits in its event loop can also finish what a function left behind.
    atomics: "disabled",
  });
  return openPool.current;
}

/** Runs a function of a module in a thread of the pool. The signal of the request that calls stops it. */
export async function runInWorker(
  { module, name }: ModuleFunction,
  args: readonly unknown[],
  transferList: readonly Transferable[],
): Promise<unknown> {
  const caller = new Error();
  const signal = currentContext()?.signal;
  let answer: WorkerAnswer;
  try {
    answer = await workerPool().run(
      { module, name, args },
      { ...(signal !== undefined && { signal }), transferList: transferList as never },
    );
  } catch (error) {
    throw runError(error, name, signal);
  }
  if ("result" in answer) return answer.result;
  throw await unpackError(answer.thrown, module, caller);
}

function runError(error: unknown, name: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) {
    const message = `The call of ${name} in a worker thread was stopped: its request was given up.`;
    return Object.assign(new DOMException(message, "AbortError"), { cause: signal.reason });
  }
  if (error instanceof Error && error.name === "DataCloneError") {
    return new WorkerFunctionError(
      `An argument of ${name} cannot be sent to a worker thread: ${error.message} ` +
        "Functions, class instances' methods and open connections stay behind: pass plain data.",
      { cause: error },
    );
  }
  if (error instanceof Error && /Worker exited|terminat|out of memory/i.test(error.message)) {
    return new WorkerFunctionError(`The worker thread ended while it ran ${name}: ${error.message}`, { cause: error });
  }
  return error;
}
