import { readFileSync } from "node:fs";

/** How many files this process may have open; undefined where the system does not tell. */
function mostOpenFiles(): number | undefined {
  try {
    const most = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return most === undefined ? undefined : Number(most);
  } catch {
    return undefined;
  }
}

/** Files that a process has open besides connections: databases, logs, uploads, its own modules. */
const OTHERS = 128;

/** As many of `wanted` connections as leave files for the rest of the process: beyond that nothing would work any more. */
export function connectionsWithin(wanted: number, most: number | undefined = mostOpenFiles()): number {
  return most === undefined ? wanted : Math.min(wanted, Math.max(Math.floor(most / 2), most - OTHERS));
}
