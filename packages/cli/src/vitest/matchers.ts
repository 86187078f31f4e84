import { TestResponse } from "@tsjango/core/test";
import { describeValue } from "@tsjango/kernel/utils";
import { expect } from "vitest";

interface ResponseMatchers<R> {
  /** The response has this status; a failure shows the beginning of its body. */
  toHaveStatus(status: number): R;
}

declare module "vitest" {
  interface Matchers<T> extends ResponseMatchers<T> {}
}

expect.extend({
  toHaveStatus(received: unknown, expected: number) {
    if (!(received instanceof TestResponse)) {
      throw new TypeError(
        `toHaveStatus takes the response of a client; found ${describeValue(received)}. Is it awaited?`,
      );
    }
    const { status } = received;
    return {
      pass: status === expected,
      message: () =>
        `expected ${received.request} ${this.isNot ? "not " : ""}to answer ${expected}; it answered ${status}` +
        (status === expected ? "" : `:\n${received.text.slice(0, 2000)}`),
    };
  },
});
