import { basename, relative, sep } from "node:path";

/** What a change asks for: a new process with nothing of the old one, a new process, or only that pages load again. */
export type ChangeKind = "cold" | "restart" | "reload";

const INSTALLED = new Set([
  "package.json",
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "bun.lock",
]);

/**
 * What saved files ask for. What is installed may have changed with package.json; what lies in `rereadDirectories` is read
 * again for each request anyway.
 */
export function changeKind(files: readonly string[], rereadDirectories: readonly string[]): ChangeKind {
  if (files.some((file) => INSTALLED.has(basename(file)))) return "cold";
  const reread = (file: string) => rereadDirectories.some((directory) => file.startsWith(directory + sep));
  return files.every(reread) ? "reload" : "restart";
}

/** Names what was saved: `books/views.ts and 2 more`. */
export function describeChange(directory: string, files: readonly string[]): string {
  const name = relative(directory, files[0] as string);
  return files.length === 1 ? name : `${name} and ${files.length - 1} more`;
}
