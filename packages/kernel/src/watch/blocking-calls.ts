import childProcess from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import zlib from "node:zlib";
import { currentContext } from "../async/context.ts";
import { isInSyncFunction } from "../async/guard.ts";
import { logger } from "../logging/index.ts";
import { shownPlace, stackPlaces } from "../utils/stack-places.ts";
import { addReport, readableStack } from "./report.ts";

type Exports = Record<string, unknown>;
type Call = (...args: unknown[]) => unknown;

const MODULES: Readonly<Record<string, Exports>> = {
  fs: fs as unknown as Exports,
  child_process: childProcess as unknown as Exports,
  crypto: crypto as unknown as Exports,
  zlib: zlib as unknown as Exports,
};
/** What logs and consoles are made of: a few microseconds each, on files that are open already. */
const HARMLESS: ReadonlySet<string> = new Set([
  "closeSync",
  "fdatasyncSync",
  "fstatSync",
  "fsyncSync",
  "randomFillSync",
  "writeSync",
  "writevSync",
]);
const log = logger("tsjango.async");
/** Whether one of them runs: Node makes some of others. */
let inside = false;

/**
 * Has Node's functions that block (`fs.readFileSync`, `child_process.execSync`, `crypto.pbkdf2Sync` …) tell of themselves
 * when the project's code calls them inside a request or task, with what to write instead. Not while a module is loaded,
 * not in a function of `syncToAsync`, and not where tsjango itself calls. Gives the function that takes that back.
 */
export function watchBlockingCalls(): () => void {
  const originals: (() => void)[] = [];
  for (const [name, exported] of Object.entries(MODULES)) {
    for (const key of Object.keys(exported)) {
      const { value: original, writable } = Object.getOwnPropertyDescriptor(exported, key) as PropertyDescriptor;
      if (!key.endsWith("Sync") || HARMLESS.has(key) || typeof original !== "function" || !writable) continue;
      exported[key] = watched(name, key, original);
      originals.push(() => {
        exported[key] = original;
      });
    }
  }
  // Modules that have imported them by name get the others, too.
  syncBuiltinESMExports();
  return () => {
    for (const putBack of originals) putBack();
    syncBuiltinESMExports();
  };
}

function watched(module: string, key: string, original: Call): Call {
  function blockingCall(this: unknown, ...args: unknown[]): unknown {
    const context = currentContext();
    if (context === undefined || inside || isInSyncFunction()) return original.apply(this, args);
    const started = performance.now();
    inside = true;
    try {
      return original.apply(this, args);
    } finally {
      inside = false;
      tell(module, key, performance.now() - started, context.name);
    }
  }
  return Object.defineProperties(blockingCall, Object.getOwnPropertyDescriptors(original)) as unknown as Call;
}

function tell(module: string, key: string, duration: number, view: string | undefined): void {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  const { stack = "" } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  // The first frames are these of here.
  const outside = stackPlaces(stack).filter(({ file }) => file !== import.meta.filename);
  if (outside.some(({ file }) => file.startsWith("node:internal/modules/"))) return;
  const caller = outside.find(({ owner }) => owner === "project" || owner === "framework");
  if (caller?.owner !== "project") return;
  const call = `${module}.${key}`;
  const instead = insteadOf(module, key);
  const place = shownPlace(caller);
  const { lines } = readableStack(outside.map(({ text }) => `    at ${text}`).join("\n"));
  if (!addReport({ kind: "call", view, place, stack: lines, duration, call, instead })) return;
  const by = view === undefined ? "a request" : `the view ${view}`;
  log.warn(
    { duration: Math.round(duration * 10) / 10, view, stack: lines },
    `${call} blocks the event loop; it was called in ${by}, at ${place}. Use: ${instead}`,
  );
}

/** The way that does not block. */
function insteadOf(module: string, key: string): string {
  const name = key.slice(0, -"Sync".length);
  if (name === "exists") return 'await access(…), from "node:fs/promises", which rejects where there is nothing.';
  if (module === "fs" && name in fs.promises) return `await ${name}(…), from "node:fs/promises".`;
  if (typeof MODULES[module]?.[name] === "function")
    return `await promisify(${name})(…), with ${name} from "node:${module}".`;
  return "a function in a worker thread: syncToAsync(import.meta.url, function name() {…}).";
}
