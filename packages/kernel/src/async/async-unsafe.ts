import { SyncToAsyncError } from "../exceptions.ts";
import { describeValue } from "../utils/describe-value.ts";
import { currentContext } from "./context.ts";
import { isSynchronousAllowed, synchronousOnly } from "./guard.ts";

type AnyFunction = (...args: never[]) => unknown;

/** The function that `asyncUnsafe` gives where it is called with the message alone, or none. */
export type AsyncUnsafeDecorator = <F extends AnyFunction>(fn: F, context?: ClassMethodDecoratorContext) => F;

/** With the message first, or with nothing: gives what marks a function, which is a method decorator, too. */
export function asyncUnsafe(message?: string): AsyncUnsafeDecorator;
/**
 * Marks a function that blocks: inside a request or a task it throws `SynchronousOnlyOperation`, naming the function, the
 * view and the line that called it. In a script, a command, a worker thread and a function of `syncToAsync` it runs. Also a
 * method decorator, with the message first or without. Source: `django.utils.asyncio.async_unsafe`.
 * @param message What to do instead, in place of Django's words.
 * @throws SyncToAsyncError for what is no function.
 * @example
 * const readLegacy = asyncUnsafe(function readLegacy() {
 *   return readFileSync("legacy.csv", "utf8");
 * }, "Reading legacy.csv blocks every visitor. Use: await syncToAsync(readLegacy)().");
 */
export function asyncUnsafe<F extends AnyFunction>(fn: F, message?: string | ClassMethodDecoratorContext): F;
export function asyncUnsafe(first?: string | AnyFunction, second?: unknown): unknown {
  const given = typeof second === "string" ? second : undefined;
  if (typeof first === "function") return guarded(first, given);
  if (first === undefined || typeof first === "string") return (fn: AnyFunction) => guarded(fn, first);
  throw new SyncToAsyncError(`asyncUnsafe can only be applied to functions. Found ${describeValue(first)}.`);
}

function guarded(fn: AnyFunction, message: string | undefined): AnyFunction {
  const { name, length } = fn;
  function asyncUnsafeFunction(this: unknown, ...args: never[]): unknown {
    if (currentContext() !== undefined && !isSynchronousAllowed()) throw synchronousOnly(message, name && `${name}()`);
    return fn.apply(this, args);
  }
  return Object.defineProperties(asyncUnsafeFunction, { name: { value: name }, length: { value: length } });
}
