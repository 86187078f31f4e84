import { isSecretName, MASK } from "../utils/index.ts";

/** Causes beyond that are a circle, or of no use. */
const MOST_CAUSES = 8;

/**
 * An error as a record holds it: type, message, the stacks of the error and its causes, and its own plain values. What it
 * refers to (a connection, a request) stays out: it is large, and may hold what nobody is to read.
 */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const stacks: string[] = [];
  for (let at: unknown = error; at instanceof Error && stacks.length < MOST_CAUSES; at = at.cause) {
    stacks.push((stacks.length === 0 ? "" : "caused by: ") + (at.stack ?? String(at)));
  }
  const own = Object.entries(error)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .map(([name, value]) => [name, isSecretName(name) ? MASK : value]);
  return { type: error.name, message: error.message, ...Object.fromEntries(own), stack: stacks.join("\n") };
}
