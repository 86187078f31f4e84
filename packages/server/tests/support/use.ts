import { onTestFinished } from "vitest";

/** Disposes of `value` when the test has ended. Node 22 cannot parse `await using`. */
export function use<T extends AsyncDisposable | Disposable>(value: T): T {
  onTestFinished(async () => {
    if (Symbol.asyncDispose in value) await value[Symbol.asyncDispose]();
    else value[Symbol.dispose]();
  });
  return value;
}
