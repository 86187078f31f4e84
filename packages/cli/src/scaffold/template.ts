import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The files of something to be made: content by path, relative and with "/". */
export type FileTree = Map<string, string>;

/** The directory of a template: beside the sources in the workspace, inside the package as published. */
export function templateDirectory(name: "project" | "app" | "example"): string {
  const up = import.meta.url.endsWith(".ts") ? "../../../../templates/" : "../../templates/";
  return fileURLToPath(new URL(`${up}${name}`, import.meta.url));
}

/**
 * Reads a template, putting `name` in the place of `placeholder` in paths and texts. A leading "_" of a file name
 * stands for a dot, since package managers leave some dotfiles out of packages; a last ".template" is dropped.
 */
export function readTemplate(directory: string, placeholder: string, name: string): FileTree {
  const files: FileTree = new Map();
  const word = new RegExp(`(?<![A-Za-z0-9])${placeholder}(?![A-Za-z0-9])`, "g");
  for (const path of filesBelow(directory)) {
    const target = path
      .replace(/(^|\/)_(?=[^/]+$)/, "$1.")
      .replace(/\.template$/, "")
      .replaceAll(word, name);
    files.set(target, readFileSync(join(directory, path), "utf8").replaceAll(word, name));
  }
  return files;
}

/** Relative paths with "/", by hand: an old Node reads no directory recursively. */
function filesBelow(directory: string, prefix = ""): string[] {
  return readdirSync(join(directory, prefix), { withFileTypes: true })
    .filter((entry) => entry.name !== "node_modules")
    .flatMap((entry) => {
      const path = `${prefix}${entry.name}`;
      return entry.isDirectory() ? filesBelow(directory, `${path}/`) : [path];
    })
    .sort();
}

/** What stands in the way of making a directory: its entries, but for those of version control and editors. */
export function entriesInTheWay(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const harmless = new Set([".git", ".DS_Store", ".idea", ".vscode"]);
  return readdirSync(directory).filter((entry) => !harmless.has(entry));
}

/** Writes files below `directory`; never over one that is there. */
export function writeFiles(directory: string, files: FileTree): void {
  for (const [path, content] of files) {
    const target = join(directory, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content, { flag: "wx" });
  }
}
