import { join, relative, sep } from "node:path";
import { watch } from "chokidar";

const IGNORED = new Set(["node_modules", "dist", "coverage"]);
/** Milliseconds without a further event after which a save counts as complete: editors write in two or three steps. */
const QUIET = 10;
/** Milliseconds after which what has been saved is acted on though more is being saved. */
const LONGEST = 100;
/** Milliseconds in which it is known what the system's word of a change was about, also on a machine that has much to do. */
const UNCERTAIN = 250;
/** Milliseconds in which a file that is renamed over another has both gone and come. */
const RENAMED = 30;

/** Whether a file is none of the project's sources: dependencies, build output, databases, hidden files but `.env`. */
export function isIgnored(directory: string, path: string): boolean {
  if (/\.sqlite3?(-\w+)?$/.test(path)) return true;
  const parts = relative(directory, path).split(sep);
  return parts.some((part) => IGNORED.has(part) || (part.startsWith(".") && part !== ".env" && part !== ""));
}

/** Who is told of saves. */
export interface WatchListener {
  /** Something is being saved; `changed` or `unchanged` follows within a few milliseconds. */
  stirred(): void;
  /** These files, by their absolute paths, were saved, made or removed. */
  changed(files: readonly string[]): void;
  unchanged(): void;
}

/** A watch over a directory. */
export interface Watch {
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** Tells of saves below `directory`; those in a row are told at once. */
export function watchProject(directory: string, listener: WatchListener): Watch {
  const watcher = watch(directory, {
    ignoreInitial: true,
    atomic: RENAMED,
    ignored: (path) => isIgnored(directory, path),
  });
  const files = new Set<string>();
  let first: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const settle = () => {
    first = timer = undefined;
    if (files.size === 0) return listener.unchanged();
    const changed = [...files];
    files.clear();
    listener.changed(changed);
  };
  const stir = () => {
    const now = performance.now();
    if (first === undefined) listener.stirred();
    first ??= now;
    clearTimeout(timer);
    const wait = files.size === 0 ? first + UNCERTAIN - now : Math.min(QUIET, first + LONGEST - now);
    timer = setTimeout(settle, Math.max(0, wait));
  };
  // The system's own word comes first: from then on nobody is answered by old code.
  watcher.on("raw", (_event, name, details) => {
    const { watchedPath } = (details ?? {}) as { watchedPath?: string };
    if (typeof name !== "string" || watchedPath === undefined) return;
    if (!isIgnored(directory, join(watchedPath, name))) stir();
  });
  watcher.on("all", (event, path) => {
    if (event === "addDir" || event === "unlinkDir") return;
    files.add(path);
    stir();
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
