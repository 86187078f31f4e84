import { relative } from "node:path";
import type { SourceFrame } from "./boot-error.ts";

/** A frame for the terminal: the file's name and line, then its lines, with a mark before the one that is meant. */
export function frameText({ file, line, lines }: SourceFrame, directory: string): string {
  const name = relative(directory, file);
  const shown = lines.map(
    ({ number, text }) => `${number === line ? ">" : " "} ${String(number).padStart(5)}  ${text}`,
  );
  return [`${name.startsWith("..") ? file : name}:${line}`, ...shown].join("\n");
}
