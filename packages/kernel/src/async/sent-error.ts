import { inspect } from "node:util";
import * as exceptions from "../exceptions.ts";

/** What a thread sends in place of an error, which arrives without its class and its own properties otherwise. */
export interface SentError {
  readonly isError: true;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly cause?: Sent | undefined;
}

/** What was thrown. */
export type Sent = SentError | { readonly isError: false; readonly value: unknown };

type ErrorClass = new (...args: never[]) => Error;

/** What was thrown, in a form that can be sent. */
export function packError(thrown: unknown): Sent {
  if (!(thrown instanceof Error)) return { isError: false, value: sendable(thrown) };
  const properties: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(thrown)) {
    if (key !== "cause" && key !== "name") properties[key] = sendable(value);
  }
  return {
    isError: true,
    name: thrown.name,
    message: thrown.message,
    stack: thrown.stack ?? String(thrown),
    properties,
    cause: thrown.cause === undefined ? undefined : packError(thrown.cause),
  };
}

function sendable(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return inspect(value);
  }
}

/** The error of a function of `module` again, on the main thread. */
export async function unpackError(sent: Sent, module: string, caller: Error): Promise<unknown> {
  // A module that is still being evaluated, and waits for this call, is not waited for: its classes are not known then.
  const exported: unknown = await Promise.race([import(module), new Promise((resolve) => setImmediate(resolve, {}))]);
  return rebuildError(sent, exported as Record<string, unknown>, caller);
}

/**
 * The error again: of its class where that is JavaScript's, tsjango's or one of `exported`, with its message, its
 * properties, and the stacks of both sides, that of `caller` below.
 */
export function rebuildError(sent: Sent, exported: Readonly<Record<string, unknown>>, caller: Error): unknown {
  if (!sent.isError) return sent.value;
  const { name, message, properties, cause } = sent;
  const error = new Error(message, cause && { cause: rebuildError(cause, exported, caller) });
  Object.setPrototypeOf(error, classOf(name, exported).prototype);
  if (error.name !== name) Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  for (const [key, value] of Object.entries(properties)) {
    Object.defineProperty(error, key, { value, configurable: true, enumerable: true, writable: true });
  }
  const calls = (caller.stack ?? "").split("\n").slice(1).join("\n");
  const stack = `${sent.stack}\n    at a worker thread, which was called\n${calls}`;
  Object.defineProperty(error, "stack", { value: stack, configurable: true, writable: true });
  return error;
}

function classOf(name: string, exported: Readonly<Record<string, unknown>>): ErrorClass {
  for (const source of [globalThis, exceptions, exported]) {
    const found = (source as Record<string, unknown>)[name];
    if (typeof found === "function" && (found === Error || found.prototype instanceof Error))
      return found as ErrorClass;
  }
  return Error;
}
