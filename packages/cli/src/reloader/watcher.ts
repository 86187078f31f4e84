import { basename, relative, sep } from "node:path";
import { watch } from "chokidar";

const IGNORED = new Set(["node_modules", "dist", "coverage"]);

/** Whether a file is none of the project's sources: dependencies, build output, databases, hidden files but `.env`. */
export function isIgnored(directory: string, path: string): boolean {
  if (/\.sqlite3?(-\w+)?$/.test(path)) return true;
  const parts = relative(directory, path).split(sep);
  return parts.some((part) => IGNORED.has(part) || (part.startsWith(".") && part !== ".env" && part !== ""));
}

/** A watch over a directory. */
export interface Watch {
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** Calls `changed` with a file's name when something below `directory` was saved; saves in a row make one call. */
export function watchProject(directory: string, changed: (file: string) => void): Watch {
  const watcher = watch(directory, { ignoreInitial: true, ignored: (path) => isIgnored(directory, path) });
  let timer: NodeJS.Timeout | undefined;
  watcher.on("all", (event, path) => {
    if (event === "addDir" || event === "unlinkDir") return;
    clearTimeout(timer);
    timer = setTimeout(() => changed(relative(directory, path) || basename(path)), 30);
  });
  const ready = new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return {
    ready,
    close() {
      clearTimeout(timer);
      return watcher.close();
    },
  };
}
