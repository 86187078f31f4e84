import { isThenable } from "../utils/is-thenable.ts";

type Drivable = Generator<unknown, unknown, unknown>;

function isDrivable(value: unknown): value is Drivable {
  if (typeof value !== "object" || value === null) return false;
  const { next, throw: fail, return: end } = value as Partial<Drivable>;
  return typeof next === "function" && typeof fail === "function" && typeof end === "function";
}

/**
 * Runs one of the engine's generators to its end: what it yields comes back to it, generators in it are run, promises awaited.
 * Gives its value, or a promise of it from the first promise on: what needs not wait takes no turn of the event loop.
 */
export function drive(value: unknown): unknown {
  return isDrivable(value) ? advance(value, undefined, false) : value;
}

function advance(generator: Drivable, given: unknown, isFailure: boolean): unknown {
  let [value, failed] = [given, isFailure];
  for (;;) {
    const step = failed ? generator.throw(value) : generator.next(value);
    failed = false;
    try {
      value = drive(step.value);
    } catch (error) {
      if (step.done) throw error;
      value = error;
      failed = true;
      continue;
    }
    if (step.done) return value;
    if (isThenable(value)) {
      return Promise.resolve(value).then(
        (result) => advance(generator, result, false),
        (error: unknown) => advance(generator, error, true),
      );
    }
  }
}

/** `use(value)`, once the value is there: at once where it is. */
export function whenThere<T>(value: unknown, use: (value: unknown) => T): T | Promise<Awaited<T>> {
  return isThenable(value) ? (Promise.resolve(value).then(use) as Promise<Awaited<T>>) : use(value);
}
