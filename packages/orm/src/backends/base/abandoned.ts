import { type AsyncContext, currentContext } from "@tsjango/kernel/async";
import { QueryAborted } from "../../exceptions.ts";

/** Requests whose end has stopped a statement: what they do afterwards, such as to tidy up, runs as usual. */
const told = new WeakSet<AsyncContext>();

/** The signal of the request or task that the calling code belongs to; undefined where its end was told before. */
export function abandonSignal(context: AsyncContext | undefined): AbortSignal | undefined {
  return context === undefined || told.has(context) ? undefined : context.signal;
}

/** The error of a statement that nobody waits for; a request has one. */
export function abandoned(context: AsyncContext | undefined, cause: unknown): QueryAborted {
  if (context !== undefined) told.add(context);
  return new QueryAborted("The client has gone, so its query was ended.", { cause });
}

/** Throws `QueryAborted` where the client of the running request has gone. */
export function refuseAbandoned(): void {
  const context = currentContext();
  const signal = abandonSignal(context);
  if (signal?.aborted === true) throw abandoned(context, signal.reason);
}
