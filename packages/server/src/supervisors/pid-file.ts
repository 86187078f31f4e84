import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { ServerError } from "../exceptions.ts";

/** Another process that lives has the file of process ids, or it cannot be written. */
export class PidFileTaken extends ServerError {
  static override readonly code: string = "pid_file_taken";
}

/**
 * Writes this process's id; a dead process's is replaced, and that of `predecessor`, whose place this one takes. Returns
 * what removes the file, unless another process has it by then.
 * @throws PidFileTaken
 */
export function writePidFile(file: string, predecessor: number | undefined): () => void {
  const other = readPid(file);
  if (other !== undefined && other !== predecessor && other !== process.pid && isAlive(other)) {
    throw new PidFileTaken(`Process ${other} has ${file} and is alive. Stop it first, or choose another --pid-file.`);
  }
  try {
    writeFileSync(file, `${process.pid}\n`);
  } catch (cause) {
    const { message } = cause as Error;
    throw new PidFileTaken(`Cannot write the process id to ${file}: ${message}. Choose another --pid-file.`, { cause });
  }
  return () => readPid(file) === process.pid && rmSync(file, { force: true });
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and another user's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
