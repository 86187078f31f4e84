import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { TemplateError } from "../exceptions.ts";
import { frameOf, type SourceFrame } from "../utils/source-frame.ts";

/** The directory that holds the framework's packages: `node_modules/@tsjango` once it is installed. */
const PACKAGES = `${resolve(import.meta.dirname, "../../..")}/`;

function isFramework(place: string): boolean {
  const file = place.replace(/^file:\/\//, "");
  if (file.includes("/node_modules/")) return true;
  return file.startsWith(PACKAGES) && /^[^/]+\/(?:src|dist)\//.test(file.slice(PACKAGES.length));
}

/** The innermost frame of the project's own code in an error's stack; without one, the innermost of all. */
export function sourceFrame(error: Error): SourceFrame | undefined {
  if (error instanceof TemplateError && error.frame !== undefined) return error.frame;
  const places = [...(error.stack ?? "").matchAll(/^\s+at .*?\(?((?:file:\/\/)?\/[^():]+):(\d+):\d+\)?$/gm)];
  const own = places.find(([, file]) => !isFramework(file as string));
  const place = own ?? places[0];
  if (place === undefined) return undefined;
  const file = (place[1] as string).startsWith("file:") ? fileURLToPath(place[1] as string) : (place[1] as string);
  const line = Number(place[2]);
  try {
    return frameOf(file, readFileSync(file, "utf8"), line);
  } catch {
    // The file is gone or not readable: the stack alone is shown.
    return undefined;
  }
}
