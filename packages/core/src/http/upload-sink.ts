import { createWriteStream, type WriteStream } from "node:fs";
import { unlink } from "node:fs/promises";
import { drained } from "../utils/drained.ts";
import type { UploadSource } from "./uploaded-file.ts";

interface OpenFile {
  readonly path: string;
  readonly stream: WriteStream;
  error?: Error;
}

/** Takes a file's chunks in: to memory while `budget` lasts, which the files of a request share, then to disk. */
export class UploadSink {
  readonly #budget: { left: number };
  readonly #newPath: () => string;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #discarded = false;
  #file: OpenFile | undefined;

  constructor(budget: { left: number }, newPath: () => string) {
    this.#budget = budget;
    this.#newPath = newPath;
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#discarded) return;
    this.#size += chunk.byteLength;
    if (this.#file === undefined && chunk.byteLength <= this.#budget.left) {
      this.#budget.left -= chunk.byteLength;
      this.#chunks.push(chunk);
      return;
    }
    if (this.#file === undefined) {
      const path = this.#newPath();
      const stream = createWriteStream(path, { flags: "wx", mode: 0o600 });
      const file: OpenFile = { path, stream };
      this.#file = file;
      stream.on("error", (error) => {
        file.error = error;
      });
      for (const kept of this.#chunks) {
        this.#budget.left += kept.byteLength;
        stream.write(kept);
      }
      this.#chunks = [];
    }
    const { stream } = this.#file;
    if (!stream.write(chunk)) await drained(stream);
    if (this.#file.error !== undefined) throw this.#file.error;
  }

  /** The end: what was taken in. */
  async finish(): Promise<UploadSource> {
    if (this.#file === undefined) return { bytes: Buffer.concat(this.#chunks) };
    const { path, stream } = this.#file;
    await new Promise<void>((resolve, reject) => stream.once("error", reject).end(() => resolve()));
    return { path, size: this.#size };
  }

  /** Throws away what was taken in. */
  async discard(): Promise<void> {
    this.#discarded = true;
    if (this.#file === undefined) return;
    const { path, stream } = this.#file;
    if (!stream.closed) {
      await new Promise<void>((resolve) => {
        stream.once("close", resolve);
        stream.destroy();
      });
    }
    await unlink(path).catch(() => undefined);
  }
}
