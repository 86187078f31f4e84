import { isAsyncFunction } from "node:util/types";
import { SyncToAsyncError } from "../exceptions.ts";
import { describeValue } from "../utils/describe-value.ts";
import { isInWorkerPool, type ModuleFunction, registerFunction, type Transferable } from "./module-functions.ts";
import { runInTurn } from "./turns.ts";

/** What `syncToAsync` may be told. */
export interface SyncToAsyncOptions {
  /**
   * Whether the calls of one request run one at a time, in their order. Default true. False: in any order; still on the
   * main thread, so what takes long belongs into a worker thread: `syncToAsync(import.meta.url, function name() {…})`.
   */
  readonly threadSensitive?: boolean | undefined;
}

/** What `syncToAsync` may be told of a function that runs in a worker thread. */
export interface WorkerThreadOptions<A extends unknown[] = unknown[], R = unknown> {
  /** What of the arguments is moved to the thread, not copied: `(image) => [image.buffer]`. The caller has it no more. */
  readonly transfer?: ((...args: A) => readonly Transferable[]) | undefined;
  /** What of the result is moved back, not copied. */
  readonly transferResult?: ((result: Awaited<R>) => readonly Transferable[]) | undefined;
}

/** A type error that says why: the function is async already. */
interface AlreadyAsync {
  readonly "syncToAsync can only be applied to sync functions.": never;
}
type SyncOnly<R> = [R] extends [never] ? unknown : R extends Promise<unknown> ? AlreadyAsync : unknown;
type AnyFunction = (...args: never[]) => unknown;

/** The function that `syncToAsync` gives where it is called with options alone: a wrapper, and a method decorator. */
export interface SyncToAsyncDecorator {
  <F extends AnyFunction>(method: F, context: ClassMethodDecoratorContext): F;
  <This, A extends unknown[], R>(
    fn: ((this: This, ...args: A) => R) & SyncOnly<R>,
  ): (this: This, ...args: A) => Promise<Awaited<R>>;
}

/** As a method decorator. TypeScript keeps the method's type: await what it returns all the same. */
export function syncToAsync<F extends AnyFunction>(method: F, context: ClassMethodDecoratorContext): F;
/** In a worker thread. */
export function syncToAsync<A extends unknown[], R>(
  module: string,
  fn: ((...args: A) => R) & SyncOnly<R>,
  options?: WorkerThreadOptions<NoInfer<A>, NoInfer<R>>,
): (...args: A) => Promise<Awaited<R>>;
/**
 * Makes a sync function async. Wrapped, it runs on the main thread in a turn of its own, without the async guard; the calls
 * of one request run one at a time in their order; async context and errors are the caller's.
 *
 * With `import.meta.url` first, a named function of the module's top level runs in a pool of worker threads, and the event
 * loop stays free: arguments and result are copied as `structuredClone` does, errors come back as they were, and a request
 * whose client goes away stops its call. The thread has a copy of the module of its own; the setting `workerThreads` says how
 * many there are. Source: https://docs.djangoproject.com/en/5.2/topics/async/#sync-to-async
 * @throws SyncToAsyncError, a TypeError, for what is no sync function, in Django's words.
 * @throws WorkerFunctionError for a function without a name, or one that the thread does not find in the module.
 * @example
 * const total = syncToAsync(sumSync);
 * export const hash = syncToAsync(import.meta.url, function hash(text: string) {
 *   return scryptSync(text, "salt", 64).toString("hex");
 * });
 * const digest = await hash("secret");
 */
export function syncToAsync<This, A extends unknown[], R>(
  fn: ((this: This, ...args: A) => R) & SyncOnly<R>,
  options?: SyncToAsyncOptions,
): (this: This, ...args: A) => Promise<Awaited<R>>;
/** With the options first: gives a wrapper, which is a method decorator, too. */
export function syncToAsync(options?: SyncToAsyncOptions): SyncToAsyncDecorator;
export function syncToAsync(...given: unknown[]): unknown {
  const [first, second, third] = given;
  if (typeof first === "string") return inWorkerThread(first, second as AnyFunction, third as WorkerThreadOptions);
  if (typeof first === "object" && first !== null) {
    return (fn: AnyFunction) => inTurn(fn, first as SyncToAsyncOptions);
  }
  if (given.length === 0) return (fn: AnyFunction) => inTurn(fn, {});
  const decorating = typeof (second as ClassMethodDecoratorContext | undefined)?.kind === "string";
  return inTurn(first as AnyFunction, decorating ? {} : ((second ?? {}) as SyncToAsyncOptions));
}

function inTurn(fn: AnyFunction, { threadSensitive = true, ...others }: SyncToAsyncOptions): AnyFunction {
  refuseAsync(fn);
  refuseExecutor(others, threadSensitive);
  return likeOriginal(fn, async function syncFunction(this: unknown, ...args: never[]) {
    return runInTurn(() => fn.apply(this, args), threadSensitive);
  });
}

function inWorkerThread(module: string, run: AnyFunction, options: WorkerThreadOptions = {}): AnyFunction {
  const { transfer, transferResult, ...others } = options;
  const { threadSensitive } = others as SyncToAsyncOptions;
  refuseExecutor({ executor: module }, threadSensitive ?? false);
  const fn: ModuleFunction = { module, name: run?.name, run, transferResult };
  registerFunction("syncToAsync", fn);
  return likeOriginal(run, async function workerFunction(...args: never[]) {
    // In the thread itself there is nothing to be kept free.
    if (isInWorkerPool()) return run(...args);
    const { runInWorker } = await import("./worker-pool.ts");
    return runInWorker(fn, args, transfer?.(...args) ?? []);
  });
}

function refuseAsync(fn: unknown): void {
  if (typeof fn === "function" && !isAsyncFunction(fn)) return;
  throw new SyncToAsyncError(`syncToAsync can only be applied to sync functions. Found ${describeValue(fn)}.`);
}

/** An executor is what Django calls other threads: here, those of the pool. */
function refuseExecutor(others: object, threadSensitive: boolean): void {
  if (!("executor" in others) || !threadSensitive) return;
  throw new SyncToAsyncError(
    "executor must not be set when threadSensitive is true. A function that is given with its module runs in a worker thread.",
  );
}

function likeOriginal(fn: AnyFunction, wrapper: AnyFunction): AnyFunction {
  return Object.defineProperties(wrapper, { name: { value: fn.name }, length: { value: fn.length } });
}
