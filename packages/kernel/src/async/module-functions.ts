import { isAsyncFunction } from "node:util/types";
import { SyncToAsyncError, WorkerFunctionError } from "../exceptions.ts";
import { describeValue } from "../utils/describe-value.ts";

/** A function that threads find by the address of its module and its name. */
export interface ModuleFunction {
  readonly module: string;
  readonly name: string;
  readonly run: (...args: never[]) => unknown;
  /** What of a result is moved to the other thread, not copied. */
  readonly transferResult?: ((result: never) => readonly Transferable[]) | undefined;
}

/** What can be moved to another thread. */
export type Transferable = import("node:worker_threads").Transferable;

/** One list a thread, whatever number of copies of this module is in it. */
const LIST = Symbol.for("tsjango.async.functions");
const POOLED = Symbol.for("tsjango.async.pooled");
const shared = globalThis as { [LIST]?: Map<string, ModuleFunction>; [POOLED]?: boolean };
shared[LIST] ??= new Map();
const functions: Map<string, ModuleFunction> = shared[LIST];

/** Whether this thread is one of the worker pool, which nobody else waits for. */
export function isInWorkerPool(): boolean {
  return shared[POOLED] === true;
}

/** Says that this thread is one of the pool. */
export function enterWorkerPool(): void {
  shared[POOLED] = true;
}

/** Remembers a function under its module and name. Throws where a thread could not find it by them. */
export function registerFunction(caller: "syncToAsync" | "asyncToSync", given: ModuleFunction): ModuleFunction {
  const { module, name, run } = given;
  if (typeof run !== "function" || (caller === "syncToAsync" && isAsyncFunction(run))) {
    throw new SyncToAsyncError(
      `${caller} can only be applied to ${caller === "syncToAsync" ? "sync" : "async"} functions. Found ${describeValue(run)}.`,
    );
  }
  if (!/^file:/.test(module)) {
    throw new WorkerFunctionError(`${caller}: the module is named by import.meta.url; found ${describeValue(module)}.`);
  }
  const example = `export const hash = ${caller}(import.meta.url, function hash(text: string) { … });`;
  if (name === "") {
    throw new WorkerFunctionError(
      `${caller}: the function needs a name, by which the worker thread finds it in its module. Write: ${example}`,
    );
  }
  const key = keyOf(module, name);
  const other = functions.get(key);
  if (other !== undefined && other.run.toString() !== run.toString()) {
    throw new WorkerFunctionError(
      `${caller}: ${module} has two functions "${name}" for worker threads. They are found by their names: rename one.`,
    );
  }
  functions.set(key, given);
  return given;
}

/** The function of a module, in the thread that runs it. Imports the module, whose evaluation registers it. */
export async function findFunction(module: string, name: string): Promise<ModuleFunction> {
  const key = keyOf(module, name);
  if (!functions.has(key)) await import(module);
  const found = functions.get(key);
  if (found !== undefined) return found;
  throw new WorkerFunctionError(
    `The worker thread imported ${module} and found no function "${name}" in it. A closure cannot be sent to a thread: ` +
      "call syncToAsync(import.meta.url, …) at the top level of the module, not inside a function or a condition.",
  );
}

function keyOf(module: string, name: string): string {
  return `${module}#${name}`;
}
