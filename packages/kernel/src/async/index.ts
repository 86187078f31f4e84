export { type AsyncContext, currentContext, runInContext } from "./context.ts";
export { ALLOW_ASYNC_UNSAFE, isAsyncUnsafeAllowed, refuseSynchronous } from "./guard.ts";
