import { constants, createReadStream } from "node:fs";
import { copyFile, link, readFile, unlink, writeFile } from "node:fs/promises";
import { FileExists, UploadUnavailable } from "../exceptions.ts";

/** Where a file's bytes are: in memory, or in a temporary file that goes when the request is over. */
export type UploadSource = { readonly bytes: Uint8Array } | { readonly path: string; readonly size: number };

/**
 * A file that a form brought, complete. It lasts as long as its request: what is to stay is moved or copied.
 * Source: https://docs.djangoproject.com/en/5.2/ref/files/uploads/
 * @example
 * const photo = (await request.form()).files.get("photo");
 * await photo?.moveTo(join(mediaDir, `${randomUUID()}.png`));
 */
export class UploadedFile {
  /** The name that the client gave it, without directories. Nothing says that it is true, or that it is unused. */
  readonly name: string;
  /** The type that the client gave it; nothing says that it is true. */
  readonly contentType: string;
  /** In bytes. */
  readonly size: number;
  #source: UploadSource | undefined;

  constructor(name: string, contentType: string, source: UploadSource) {
    this.name = name;
    this.contentType = contentType;
    this.size = "bytes" in source ? source.bytes.byteLength : source.size;
    this.#source = source;
  }

  /** Where it is on disk for the time of the request; undefined for one in memory. */
  get temporaryPath(): string | undefined {
    return this.#source !== undefined && "path" in this.#source ? this.#source.path : undefined;
  }

  get #present(): UploadSource {
    if (this.#source !== undefined) return this.#source;
    throw new UploadUnavailable(`The uploaded file ${JSON.stringify(this.name)} was moved, or its request is over.`);
  }

  /** Its bytes piece by piece, from the start each time. */
  stream(): ReadableStream<Uint8Array> {
    const source = this.#present;
    const pieces = "bytes" in source ? [source.bytes] : createReadStream(source.path);
    return ReadableStream.from<Uint8Array>(pieces as AsyncIterable<Uint8Array>);
  }

  /** All its bytes. */
  async bytes(): Promise<Uint8Array> {
    const source = this.#present;
    return "bytes" in source ? source.bytes : readFile(source.path);
  }

  /** Its bytes as UTF-8 text. */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }

  /**
   * Puts it at `path`, for good. Choose the name yourself: the client's may be anything.
   * @throws FileExists if something is there already, unless `overwrite` is set.
   */
  async moveTo(path: string, options: { readonly overwrite?: boolean } = {}): Promise<void> {
    const source = this.#present;
    const overwrite = options.overwrite === true;
    try {
      if ("bytes" in source) await writeFile(path, source.bytes, { flag: overwrite ? "w" : "wx" });
      else await moveFile(source.path, path, overwrite);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
      throw new FileExists(`${path} exists already. Choose another name, or set { overwrite: true }.`, { cause });
    }
    this.#source = undefined;
  }

  /** For the request: removes what is left of it. */
  async dispose(): Promise<void> {
    const path = this.temporaryPath;
    this.#source = undefined;
    if (path !== undefined) await unlink(path).catch(() => undefined);
  }
}

async function moveFile(from: string, to: string, overwrite: boolean): Promise<void> {
  try {
    // Unlike a rename, a link refuses what exists.
    if (overwrite) await unlink(to).catch(() => undefined);
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    // Another file system, or one without links.
    await copyFile(from, to, overwrite ? 0 : constants.COPYFILE_EXCL);
  }
  await unlink(from);
}
