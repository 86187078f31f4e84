import { AsyncLocalStorage } from "node:async_hooks";

/** What the code that runs now is part of: one request, or one task. It follows awaits, timers and events. */
export interface AsyncContext {
  readonly kind: "request" | "task";
  /** What error messages call it: the view's name once one is chosen, the task's name. */
  name?: string | undefined;
  /** Stands in every record that is logged meanwhile. */
  requestId?: string | undefined;
  /** Aborts when nobody waits for the result any more. */
  readonly signal?: AbortSignal | undefined;
}

const storage = new AsyncLocalStorage<AsyncContext>();

let noting = false;
let last: AsyncContext | undefined;

/** Runs `body` as part of `context`. */
export function runInContext<T, A extends unknown[]>(context: AsyncContext, body: (...given: A) => T, ...given: A): T {
  if (noting) last = context;
  return storage.run(context, body, ...given);
}

/** The request or task that the calling code belongs to. */
export function currentContext(): AsyncContext | undefined {
  return storage.getStore();
}

/** Has the context that began last remembered, until the function it returns is called. */
export function noteContexts(): () => void {
  noting = true;
  return () => {
    noting = false;
    last = undefined;
  };
}

/** The context that began last, while `noteContexts` is on. */
export function lastContext(): AsyncContext | undefined {
  return last;
}
