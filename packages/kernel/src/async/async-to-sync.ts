import { isAsyncFunction } from "node:util/types";
import { isMainThread, MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { AsyncToSyncError, SyncToAsyncError } from "../exceptions.ts";
import { describeValue } from "../utils/describe-value.ts";
import { registerFunction } from "./module-functions.ts";
import { rebuildError } from "./sent-error.ts";
import type { WorkerAnswer, WorkerTask } from "./worker-pool.ts";

type AnyFunction = (...args: never[]) => unknown;

/** The thread that runs async functions for this one. */
interface Helper {
  readonly port: MessagePort;
  /** 1 when an answer has come. */
  readonly answered: Int32Array<SharedArrayBuffer>;
}

/** What the helper is given at its start. */
export interface HelperData {
  readonly port: MessagePort;
  readonly answered: Int32Array<SharedArrayBuffer>;
}

const SAME_THREAD =
  "You cannot use AsyncToSync in the same thread as an async event loop - just await the async function directly.";
let helper: Helper | undefined;

/** For other code than that of worker threads: throws when it is called. */
export function asyncToSync<A extends unknown[], R>(fn: (...args: A) => Promise<R>): (...args: A) => R;
/**
 * Makes an async function sync, for code in a worker thread that cannot await: the thread waits while another one runs the
 * function, found by its module and name as with `syncToAsync`. On the main thread, whose event loop everyone shares, a call
 * throws: await the function. Source: https://docs.djangoproject.com/en/5.2/topics/async/#async-to-sync
 * @throws AsyncToSyncError on the main thread, in Django's words, and for a function that was given without its module.
 * @example
 * const fetchRates = asyncToSync(import.meta.url, async function fetchRates(day: string) {
 *   return (await fetch(`https://rates.example/${day}`)).text();
 * });
 * export const report = syncToAsync(import.meta.url, function report(day: string) {
 *   return fetchRates(day).length;
 * });
 */
export function asyncToSync<A extends unknown[], R>(module: string, fn: (...args: A) => Promise<R>): (...args: A) => R;
export function asyncToSync(first: string | AnyFunction, second?: AnyFunction): AnyFunction {
  const module = typeof first === "string" ? first : undefined;
  const fn = (typeof first === "string" ? second : first) as AnyFunction;
  if (typeof fn !== "function") {
    throw new SyncToAsyncError(`asyncToSync can only be applied to async functions. Found ${describeValue(fn)}.`);
  }
  if (!isAsyncFunction(fn)) {
    process.emitWarning("async_to_sync was passed a non-async-marked callable", { code: "TSJANGO_ASYNC_TO_SYNC" });
  }
  if (module !== undefined) registerFunction("asyncToSync", { module, name: fn.name, run: fn });
  function syncCall(...args: never[]): unknown {
    if (isMainThread) throw new AsyncToSyncError(SAME_THREAD);
    if (module !== undefined) return runInHelper({ module, name: fn.name, args });
    throw new AsyncToSyncError(
      `${SAME_THREAD} To run it in another thread, give its module: asyncToSync(import.meta.url, async function ${fn.name || "name"}(…) {…}).`,
    );
  }
  return Object.defineProperties(syncCall, { name: { value: fn.name }, length: { value: fn.length } });
}

function runInHelper(task: WorkerTask): unknown {
  const caller = new Error();
  helper ??= startHelper();
  const { port, answered } = helper;
  Atomics.store(answered, 0, 0);
  port.postMessage(task);
  Atomics.wait(answered, 0, 0);
  const answer = receiveMessageOnPort(port)?.message as WorkerAnswer;
  if ("result" in answer) return answer.result;
  throw rebuildError(answer.thrown, {}, caller);
}

function startHelper(): Helper {
  const { port1, port2 } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const workerData: HelperData = { port: port2, answered };
  const entry = new URL(`./helper-thread.${extension}`, import.meta.url);
  // Conditions and loaders are those of this thread; how its own program was given is no matter.
  const execArgv = process.execArgv.filter((argument) => !argument.startsWith("--input-type"));
  new Worker(entry, { workerData, execArgv, transferList: [port2] }).unref();
  port1.unref();
  return { port: port1, answered };
}
