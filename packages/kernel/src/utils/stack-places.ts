import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** One frame of a stack. */
export interface StackPlace {
  /** The frame as the stack has it, without "at": `list (/app/blog/views.ts:12:5)`. */
  readonly text: string;
  /** The file's absolute path; of Node's own code `node:fs`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Whose code it is: the project's, tsjango's, a package's, Node's. */
  readonly owner: "project" | "framework" | "library" | "node";
}

/** The directory that holds the framework's packages: `node_modules/@tsjango` once it is installed. */
const PACKAGES = `${resolve(import.meta.dirname, "../../..")}/`;
const FRAME = /^\s*at (.*?\(?((?:node:|file:\/\/)?[^():\s]+|[A-Za-z]:[^():]+|\/[^():]+):(\d+):(\d+)\)?)$/;

function ownerOf(file: string): StackPlace["owner"] {
  if (file.startsWith("node:")) return "node";
  if (/\/node_modules\/(?:@tsjango|tsjango)\//.test(file)) return "framework";
  if (file.includes("/node_modules/")) return "library";
  const ours = file.startsWith(PACKAGES) && /^[^/]+\/(?:src|dist|bin)\//.test(file.slice(PACKAGES.length));
  return ours ? "framework" : "project";
}

/** The frames of a stack, innermost first, up to where it goes on with what awaited it; with `async`, those too. */
export function stackPlaces(stack: string, { async = false }: { readonly async?: boolean } = {}): StackPlace[] {
  const places: StackPlace[] = [];
  for (const line of stack.split("\n")) {
    if (!async && /^\s*at async /.test(line)) break;
    const found = FRAME.exec(line);
    if (found === null) continue;
    const [, text = "", name = "", row, column] = found;
    const file = name.startsWith("file:") ? fileURLToPath(name) : name;
    places.push({ text, file, line: Number(row), column: Number(column), owner: ownerOf(file) });
  }
  return places;
}

/** A place as a message shows it: `blog/views.ts:12:5`, below the current directory. */
export function shownPlace({ file, line, column }: StackPlace): string {
  const path = relative(process.cwd(), file);
  return `${path.startsWith("..") ? file : path}:${line}:${column}`;
}

/** Where the project's own code is in the stack of the caller; undefined where it is not in it. */
export function projectPlace(): string | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 60;
  const { stack = "" } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  const own = stackPlaces(stack).find(({ owner }) => owner === "project");
  return own && shownPlace(own);
}
