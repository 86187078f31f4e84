import { performance } from "node:perf_hooks";
import { inspect } from "node:util";
import type { AsgiApplication, Scope, Send, SendEvent } from "@tsjango/core/asgi";
import type { ServeHooks, WorkerInfo } from "./hooks.ts";

/** The requests that an application works on, counted as they come. */
export class Requests {
  readonly #open = new Map<Scope, number>();
  /** Requests that have begun. */
  total = 0;
  /** Called when a request has begun. */
  onRequest: () => void = () => undefined;
  readonly #report: (text: string) => void;

  /** @param report Receives what hooks throw. */
  constructor(report: (text: string) => void) {
    this.#report = report;
  }

  /** What each of them is, and for how long: `GET /report/ (2.1 s)`. */
  describe(): string[] {
    const now = performance.now();
    return [...this.#open].map(([scope, since]) => `${nameOf(scope)} (${((now - since) / 1000).toFixed(1)} s)`);
  }

  /** The application, watched. */
  watch(application: AsgiApplication, worker: WorkerInfo, hooks: ServeHooks): AsgiApplication {
    const run = withHooks(application, worker, hooks, this.#report);
    return async (scope, receive, send) => {
      if (scope.type === "lifespan") return run(scope, receive, send);
      this.total++;
      this.#open.set(scope, performance.now());
      this.onRequest();
      try {
        await run(scope, receive, send);
      } finally {
        this.#open.delete(scope);
      }
    };
  }
}

/** The path alone: queries hold what logs should not. */
function nameOf(scope: Scope): string {
  if (scope.type === "lifespan") return "lifespan";
  const path = scope.path.replace(/[^\x20-\x7e]/g, (character) => encodeURIComponent(character));
  return `${scope.type === "http" ? scope.method : "WebSocket"} ${path}`;
}

function withHooks(
  application: AsgiApplication,
  worker: WorkerInfo,
  hooks: ServeHooks,
  report: (text: string) => void,
): AsgiApplication {
  if (hooks.preRequest === undefined && hooks.postRequest === undefined) return application;
  return async (scope, receive, send) => {
    if (scope.type === "lifespan") return application(scope, receive, send);
    let status: number | undefined;
    const watched = async (event: SendEvent) => {
      if (event.type === "http.response.start") status = event.status;
      await send(event);
    };
    const start = performance.now();
    const guarded = (run: () => void, name: string) =>
      guard(run, (error) => report(`The hook ${name} failed: ${inspect(error)}`));
    guarded(() => hooks.preRequest?.(worker, scope), "preRequest");
    try {
      await application(scope, receive, watched as Send);
    } finally {
      const answered = { status, milliseconds: performance.now() - start };
      guarded(() => hooks.postRequest?.(worker, scope, answered), "postRequest");
    }
  };
}

/** A hook that throws does not take a request with it. */
function guard(run: () => void, failed: (error: unknown) => void): void {
  try {
    run();
  } catch (error) {
    failed(error);
  }
}
