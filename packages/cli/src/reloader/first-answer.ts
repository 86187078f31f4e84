import type { AsgiApplication } from "@tsjango/core/asgi";

/** Milliseconds in which those who wait for a site have sent their requests on. */
const QUIET = 100;

/** Lets other work wait until an application has answered its first request. */
export function firstAnswer(application: AsgiApplication): {
  readonly application: AsgiApplication;
  /** Resolves when the first request is answered, or soon where none comes. */
  answered(): Promise<void>;
} {
  let open = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    async application(scope, receive, send) {
      if (scope.type !== "http") return application(scope, receive, send);
      open++;
      try {
        await application(scope, receive, send);
      } finally {
        open--;
        resolve();
      }
    },
    answered() {
      setTimeout(() => open === 0 && resolve(), QUIET);
      return promise;
    },
  };
}
