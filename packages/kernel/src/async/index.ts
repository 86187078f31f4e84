export { asyncToSync } from "./async-to-sync.ts";
export { type AsyncUnsafeDecorator, asyncUnsafe } from "./async-unsafe.ts";
export { type AsyncContext, currentContext, runInContext } from "./context.ts";
export {
  ALLOW_ASYNC_UNSAFE,
  isAsyncUnsafeAllowed,
  isSynchronousAllowed,
  refuseSynchronous,
  synchronousOnly,
} from "./guard.ts";
export type { Transferable } from "./module-functions.ts";
export {
  type SyncToAsyncDecorator,
  type SyncToAsyncOptions,
  syncToAsync,
  type WorkerThreadOptions,
} from "./sync-to-async.ts";
