import { AsyncLocalStorage } from "node:async_hooks";
import { currentContext } from "./context.ts";
import { withoutGuard } from "./guard.ts";

/** Functions that wait for their turn: one in each round of the event loop, so that others have theirs in between. */
class Turns {
  readonly #waiting: (() => void)[] = [];

  add(run: () => void): void {
    if (this.#waiting.push(run) === 1) setImmediate(this.#next);
  }

  readonly #next = (): void => {
    this.#waiting[0]?.();
    this.#waiting.shift();
    if (this.#waiting.length > 0) setImmediate(this.#next);
  };
}

const turns = new WeakMap<object, Turns>();
/** What runs in no request or task waits in one line for the whole process. */
const PROCESS = {};

/**
 * Runs `body` without the guard, in the async context of the caller; `inOrder` when everything that its request asked for
 * before has run. What it returns or throws comes as it is.
 */
export function runInTurn<T>(body: () => T, inOrder: boolean): Promise<Awaited<T>> {
  return new Promise<Awaited<T>>((resolve, reject) => {
    const run = AsyncLocalStorage.bind(() => {
      try {
        resolve(withoutGuard(body) as Awaited<T>);
      } catch (error) {
        reject(error);
      }
    });
    if (!inOrder) {
      setImmediate(run);
      return;
    }
    const owner = currentContext() ?? PROCESS;
    const line = turns.get(owner) ?? new Turns();
    turns.set(owner, line);
    line.add(run);
  });
}
