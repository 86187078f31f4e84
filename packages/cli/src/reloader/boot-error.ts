import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { failure } from "../terminal/failure.ts";

/** Why the project did not start, or ended, as it travels from the child to the supervisor. */
export interface BootError {
  /** Whether the site had been running: then it is something that nobody caught. */
  readonly running: boolean;
  /** `"SyntaxError"`, `"ImproperlyConfigured"`. */
  readonly name: string;
  readonly message: string;
  /** What the terminal shows: the message, and the stack where it helps. */
  readonly text: string;
  readonly frame: SourceFrame | undefined;
}

/** A line of a source file with those around it. */
export interface SourceFrame {
  readonly file: string;
  readonly line: number;
  readonly lines: readonly { readonly number: number; readonly text: string }[];
}

const AROUND = 4;

/** Describes what was thrown while the project was loaded. A failed import is shown as the error that made it fail. */
export function describeBootError(thrown: unknown, running = false): BootError {
  const { text } = failure(thrown, { traceback: false });
  const failedImport = thrown instanceof Error && (thrown as { code?: unknown }).code === "boot_failed";
  const error = failedImport && thrown.cause !== undefined ? thrown.cause : thrown;
  if (!(error instanceof Error)) return { running, name: "Error", message: String(error), text, frame: undefined };
  return { running, name: error.name, message: error.message, text, frame: frameOf(error) };
}

function frameOf(error: Error): SourceFrame | undefined {
  const place = placeOf(error);
  if (place === undefined || !existsSync(place.file)) return undefined;
  const all = readFileSync(place.file, "utf8").split("\n");
  const line =
    place.line ??
    1 +
      Math.max(
        0,
        all.findIndex((text) => text.includes(place.mentions)),
      );
  const first = Math.max(0, line - 1 - AROUND);
  const lines = all.slice(first, line + AROUND).map((text, index) => ({ number: first + index + 1, text }));
  return { file: place.file, line, lines };
}

type Place =
  | { file: string; line: number; mentions?: undefined }
  | { file: string; line?: undefined; mentions: string };

/** Where it went wrong: V8 heads a syntax error's stack with the place; a missing module's message names its importer. */
function placeOf(error: Error): Place | undefined {
  const stack = error.stack ?? "";
  const head = /^((?:file:\/\/)?\/.+):(\d+)$/m.exec(stack.split("\n", 1)[0] as string);
  if (head !== null) return { file: pathOf(head[1] as string), line: Number(head[2]) };
  const missing = /^Cannot find (?:module|package) '(.+)' imported from (.+)$/m.exec(error.message);
  if (missing !== null) return { file: pathOf(missing[2] as string), mentions: basename(missing[1] as string) };
  for (const [, file, line] of stack.matchAll(/\(?((?:file:\/\/)?\/[^():]+):(\d+):\d+\)?$/gm)) {
    if (!/\/node_modules\/|\/packages\/[a-z]+\/(?:src|dist)\//.test(file as string)) {
      return { file: pathOf(file as string), line: Number(line) };
    }
  }
  return undefined;
}

function pathOf(place: string): string {
  return place.startsWith("file:") ? fileURLToPath(place) : place;
}
