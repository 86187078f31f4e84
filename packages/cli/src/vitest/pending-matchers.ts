import { AsyncLocalStorage } from "node:async_hooks";
import { UnawaitedMatcher } from "../exceptions.ts";
import type { MatcherResult } from "./response-matchers.ts";

/** The matchers of the test that runs, which have not come to their end. */
const pending = new AsyncLocalStorage<Set<{ readonly name: string }>>();

/** A matcher that has to be awaited, so that a test that ends before it is told. */
export function awaited<A extends unknown[]>(
  name: string,
  matcher: (...args: A) => Promise<MatcherResult>,
): (...args: A) => Promise<MatcherResult> {
  return async (...args) => {
    const here = pending.getStore();
    const entry = { name };
    here?.add(entry);
    try {
      return await matcher(...args);
    } finally {
      here?.delete(entry);
    }
  };
}

/** Runs a test and throws where it left a matcher behind: what that finds would be nobody's. */
export function withoutPending(run: () => Promise<void>): Promise<void> {
  const left = new Set<{ readonly name: string }>();
  return pending.run(left, async () => {
    await run();
    const [first] = left;
    if (first !== undefined) {
      throw new UnawaitedMatcher(`${first.name} was not awaited. Write: await expect(…).${first.name}(…).`);
    }
  });
}
