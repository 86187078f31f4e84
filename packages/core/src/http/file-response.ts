import { randomUUID } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { Http404 } from "../exceptions.ts";
import { evaluateConditions } from "../utils/conditional.ts";
import { type ByteRange, lengthOf, requestedRanges } from "./byte-ranges.ts";
import { contentDisposition } from "./content-disposition.ts";
import { contentTypeOf } from "./content-types.ts";
import type { HttpRequest } from "./request.ts";
import { type ResponseOptions, StreamingHttpResponse } from "./response.ts";

/** What `FileResponse` may be told. */
export interface FileResponseOptions extends ResponseOptions {
  /** Have the browser save it rather than show it. Default false. */
  readonly asAttachment?: boolean | undefined;
  /** The name it is saved under. Default for an attachment: the file's own. */
  readonly filename?: string | undefined;
}

/** A file by its path, or bytes at hand. */
export type FileSource = string | URL | Uint8Array | Blob;

/** Gives parts of what is sent. */
interface Source {
  readonly size: number;
  readonly lastModified: Date | undefined;
  readonly etag: string | undefined;
  pieces(ranges: readonly (ByteRange | string)[]): AsyncIterable<string | Uint8Array>;
}

/**
 * A file, sent piece by piece as the client takes it, and closed when it is sent or the client goes. It answers ranges
 * (`Range`, `If-Range`) and conditions (`If-None-Match`, `If-Modified-Since` …). A path is opened as it stands: never make
 * one of what a client sent.
 * Source: https://docs.djangoproject.com/en/5.2/ref/request-response/#fileresponse-objects
 * @example
 * return new FileResponse(join(mediaDir, "report.pdf"), { asAttachment: true, filename: "Report 2026.pdf" });
 * @throws Http404 where there is no such file, when the response is sent.
 */
export class FileResponse extends StreamingHttpResponse {
  readonly #source: FileSource;
  #prepared: Promise<void> | undefined;

  constructor(source: FileSource, options: FileResponseOptions = {}) {
    const path = typeof source === "string" ? source : source instanceof URL ? fileURLToPath(source) : undefined;
    const named = path ?? (source instanceof File ? source.name : undefined);
    const blobType = source instanceof Blob ? source.type : "";
    super([], {
      ...options,
      contentType: options.contentType ?? (blobType || contentTypeOf(options.filename ?? named ?? "")),
    });
    this.#source = path ?? source;
    const own = named === undefined ? undefined : basename(named);
    const filename = options.filename ?? (options.asAttachment === true ? own : undefined);
    const disposition = contentDisposition(options.asAttachment === true, filename);
    if (disposition !== undefined) this.headers.setDefault("content-disposition", disposition);
  }

  override prepare(request: HttpRequest): Promise<void> {
    this.#prepared ??= this.#prepare(request);
    return this.#prepared;
  }

  async #prepare(request: HttpRequest): Promise<void> {
    const source = await openSource(this.#source);
    const { headers } = this;
    if (source.lastModified !== undefined) headers.setDefault("last-modified", source.lastModified.toUTCString());
    if (source.etag !== undefined) headers.setDefault("etag", source.etag);
    headers.set("accept-ranges", "bytes");
    const header = (name: string) => request.header(name);
    const validators = { etag: headers.get("etag") ?? undefined, lastModified: source.lastModified };
    const condition = evaluateConditions(request.method, header, validators);
    if (condition !== undefined) return this.#empty(condition);
    const range = request.header("range");
    const asked =
      range !== undefined && request.method === "GET" && this.status === 200 && this.#isCurrent(request)
        ? requestedRanges(range, source.size)
        : undefined;
    if (asked === "unsatisfiable") {
      headers.set("content-range", `bytes */${source.size}`);
      return this.#empty(416);
    }
    if (asked === undefined) this.#send(source, [{ start: 0, end: source.size - 1 }]);
    else if (asked.length === 1) {
      this.status = 206;
      headers.set("content-range", rangeText(asked[0] as ByteRange, source.size));
      this.#send(source, asked);
    } else this.#sendParts(source, asked);
  }

  /** Whether a range is of the file as it is now: `If-Range`. */
  #isCurrent(request: HttpRequest): boolean {
    const validator = request.header("if-range");
    if (validator === undefined) return true;
    return validator.startsWith('"')
      ? validator === this.headers.get("etag")
      : validator === this.headers.get("last-modified");
  }

  #empty(status: number): void {
    this.status = status;
    for (const name of ["content-type", "content-disposition"]) this.headers.delete(name);
    if (status !== 304) this.headers.set("content-length", "0");
    this.streamingContent = [];
  }

  #send(source: Source, pieces: readonly (ByteRange | string)[]): void {
    const lengths = pieces.map((piece) => (typeof piece === "string" ? piece.length : lengthOf(piece)));
    this.headers.set("content-length", String(lengths.reduce((sum, length) => sum + length, 0)));
    this.streamingContent = { [Symbol.asyncIterator]: () => source.pieces(pieces)[Symbol.asyncIterator]() };
  }

  /** Several ranges go as parts: RFC 9110, section 14.6. */
  #sendParts(source: Source, ranges: readonly ByteRange[]): void {
    const boundary = randomUUID();
    const type = this.headers.get("content-type") ?? "application/octet-stream";
    const pieces = ranges.flatMap((range): (ByteRange | string)[] => [
      `\r\n--${boundary}\r\nContent-Type: ${type}\r\nContent-Range: ${rangeText(range, source.size)}\r\n\r\n`,
      range,
    ]);
    this.status = 206;
    this.headers.set("content-type", `multipart/byteranges; boundary=${boundary}`);
    this.#send(source, [...pieces, `\r\n--${boundary}--\r\n`]);
  }
}

function rangeText({ start, end }: ByteRange, size: number): string {
  return `bytes ${start}-${end}/${size}`;
}

async function openSource(source: FileSource): Promise<Source> {
  if (source instanceof Blob) return openSource(await source.bytes());
  if (source instanceof Uint8Array) {
    const slice = ({ start, end }: ByteRange) => source.subarray(start, end + 1);
    return {
      size: source.byteLength,
      lastModified: undefined,
      etag: undefined,
      async *pieces(ranges) {
        for (const range of ranges) yield typeof range === "string" ? range : slice(range);
      },
    };
  }
  const path = String(source);
  const stats = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT" && cause.code !== "ENOTDIR") throw cause;
    throw new Http404(`There is no file ${path}.`, { cause });
  });
  if (!stats.isFile()) throw new Http404(`${path} is no file.`);
  return {
    size: stats.size,
    lastModified: stats.mtime,
    etag: `"${stats.size.toString(16)}-${Math.trunc(stats.mtimeMs).toString(16)}"`,
    pieces: (ranges) => readFilePieces(path, ranges),
  };
}

const CHUNK = 64 * 1024;

/** Opened when it is sent, so that a response that is never sent holds nothing open. */
async function* readFilePieces(
  path: string,
  pieces: readonly (ByteRange | string)[],
): AsyncGenerator<string | Uint8Array> {
  const file = await open(path, "r");
  try {
    for (const piece of pieces) {
      if (typeof piece === "string") yield piece;
      else yield* readRange(file, piece);
    }
  } finally {
    await file.close();
  }
}

async function* readRange(file: FileHandle, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
  for (let position = start; position <= end; ) {
    // A new one each time: the one before may still wait in the socket.
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK, end - position + 1));
    const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, position);
    // The file has become shorter: the response breaks off, as its length was told.
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
