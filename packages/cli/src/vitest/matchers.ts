import { describeValue } from "@tsjango/kernel/utils";

/** What tsjango adds to `expect`. */
export interface StatusMatchers<R> {
  /** Passes for a response of this status; a failure shows the start of the body. */
  toHaveStatus(status: number): R;
}

declare module "vitest" {
  interface Matchers<R, T> extends StatusMatchers<R> {}
}

/** What a matcher tells Vitest. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

const SHOWN = 500;

/** The matcher behind `expect(response).toHaveStatus(200)`. */
export function toHaveStatus(received: unknown, expected: number): MatcherResult {
  const actual =
    typeof received === "object" && received !== null && "status" in received ? received.status : undefined;
  if (typeof actual !== "number") {
    const hint = received instanceof Promise ? " Await it first." : "";
    return { pass: false, message: () => `toHaveStatus needs a response; found ${describeValue(received)}.${hint}` };
  }
  const pass = actual === expected;
  return {
    pass,
    actual,
    expected,
    message: () =>
      pass
        ? `The response has status ${actual}, which was not expected.`
        : `Expected a response of status ${expected}; it has ${actual}.${shownBody(received as object)}`,
  };
}

function shownBody(response: object): string {
  const text: unknown = "text" in response ? response.text : undefined;
  const body = typeof text === "string" ? text : "content" in response ? decoded(response.content) : "";
  return body === "" ? "" : `\n\n${body.slice(0, SHOWN)}${body.length > SHOWN ? " …" : ""}`;
}

function decoded(content: unknown): string {
  return content instanceof Uint8Array ? new TextDecoder().decode(content) : "";
}
