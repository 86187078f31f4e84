import { closeSync, openSync, write } from "node:fs";
import { LogUnavailable } from "./exceptions.ts";

/** The most characters that wait for a slow disk or reader; what comes beyond is dropped, and counted. */
const MAX_WAITING = 4 * 1024 * 1024;
const STANDARD_OUTPUT = 1;
/** Milliseconds until a reader that has no room is tried again. */
const RETRY = 20;

/**
 * A file that lines are appended to; "-" is the standard output. Nothing waits for it, and what fails (a full disk, a pipe
 * that is closed) never reaches those who log: process.stdout blocks the process where it is a pipe that nobody reads.
 */
export class LogFile {
  readonly path: string;
  #fd: number;
  #waiting: string[] = [];
  #size = 0;
  #dropped = 0;
  #writing = false;
  /** Files that were replaced while they were written to. */
  readonly #old: number[] = [];
  #idle: PromiseWithResolvers<void> | undefined;

  /** @throws LogUnavailable where the file cannot be opened. */
  constructor(path: string) {
    this.path = path;
    this.#fd = open(path);
  }

  /** Lines that could not be written; told by the next one that can. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds a line, without waiting for it. */
  write(line: string): void {
    if (this.#size > MAX_WAITING) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(line);
    this.#size += line.length;
    if (!this.#writing) this.#flush();
  }

  #flush(): void {
    this.#writing = true;
    const lines = this.#waiting;
    const count = lines.length;
    if (this.#dropped > 0) lines.push(`(${this.#dropped} lines before this one could not be written)`);
    this.#waiting = [];
    this.#size = 0;
    const dropped = this.#dropped;
    this.#dropped = 0;
    this.#append(this.#fd, Buffer.from(`${lines.join("\n")}\n`), count + dropped);
  }

  #append(fd: number, bytes: Buffer, lines: number): void {
    write(fd, bytes, (error, written) => {
      if (error?.code === "EAGAIN") {
        setTimeout(() => this.#append(fd, bytes, lines), RETRY).unref();
        return;
      }
      if (error !== null) this.#dropped += lines;
      else if (written < bytes.length) return this.#append(fd, bytes.subarray(written), lines);
      this.#next();
    });
  }

  #next(): void {
    for (const fd of this.#old.splice(0)) closeSync(fd);
    this.#writing = false;
    if (this.#waiting.length > 0) this.#flush();
    else this.#idle?.resolve();
  }

  /** Opens the file anew, after it was moved away. @throws LogUnavailable; then the old one is written on */
  reopen(): void {
    if (this.path === "-") return;
    const fd = open(this.path);
    if (this.#writing) this.#old.push(this.#fd);
    else closeSync(this.#fd);
    this.#fd = fd;
  }

  /** Resolves when every line is written, or was tried to be. */
  async written(): Promise<void> {
    if (!this.#writing) return;
    this.#idle ??= Promise.withResolvers();
    await this.#idle.promise;
    this.#idle = undefined;
  }
}

function open(path: string): number {
  if (path === "-") return STANDARD_OUTPUT;
  try {
    return openSync(path, "a");
  } catch (cause) {
    throw new LogUnavailable(`The log ${path} cannot be opened: ${(cause as Error).message}`, { cause });
  }
}
