import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The nearest line of the project, without its installed packages, that the calling code was called from: `books/views.ts:12`. */
export function placeInProject(directory: string): string | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 60;
  const { stack = "" } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  for (const [, place, line] of stack.matchAll(/((?:file:\/\/)?\/[^()]+):(\d+):\d+\)?$/gm)) {
    const file = (place as string).startsWith("file:") ? fileURLToPath(place as string) : (place as string);
    if (!file.startsWith(directory + sep) || file.includes(`${sep}node_modules${sep}`)) continue;
    return `${relative(directory, file)}:${line}`;
  }
  return undefined;
}
