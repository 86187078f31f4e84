import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Dicer } from "@fastify/busboy";
import { MultiPartParserError, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent } from "../exceptions.ts";
import { drained } from "../utils/drained.ts";
import { parseParameters } from "./header-parameters.ts";
import { tooMany } from "./query-dict.ts";
import { RequestForm } from "./request-form.ts";
import { UploadSink } from "./upload-sink.ts";
import { UploadedFile } from "./uploaded-file.ts";

/** What a multipart body may have. */
export interface MultipartLimits {
  /** Fields that are no files. */
  readonly fields: number;
  readonly files: number;
  /** Bytes of all fields that are no files. */
  readonly fieldBytes: number;
  /** Bytes of files that are held in memory, all together; the others go to `directory`. */
  readonly memory: number;
  readonly directory: string;
}

/** The most bytes of one part's headers. Django's figure. */
const PART_HEADER = 1024;
/** The most bytes before the first part, where mail programs put a note. */
const PREAMBLE = 64 * 1024;

type Part = NodeJS.ReadableStream & AsyncIterable<Buffer>;
type Entry = { readonly name: string; readonly value: string | UploadedFile } | undefined;

/**
 * Reads `multipart/form-data` as it comes: RFC 7578. On any error nothing of it stays on disk.
 * @throws MultiPartParserError, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
 */
export async function parseMultipart(
  chunks: AsyncIterable<Uint8Array>,
  boundary: string,
  limits: MultipartLimits,
): Promise<RequestForm> {
  const reader = new MultipartReader(boundary, limits);
  try {
    return await reader.read(chunks);
  } catch (error) {
    await reader.discard();
    throw error;
  }
}

class MultipartReader {
  readonly #limits: MultipartLimits;
  readonly #splitter: Dicer;
  readonly #entries: Promise<Entry>[] = [];
  readonly #sinks: UploadSink[] = [];
  readonly #failure = Promise.withResolvers<never>();
  readonly #memory: { left: number };
  #failed = false;
  #waitsForHeader = false;
  #fields = 0;
  #files = 0;
  #fieldBytes = 0;
  #read = 0;

  constructor(boundary: string, limits: MultipartLimits) {
    this.#limits = limits;
    this.#memory = { left: limits.memory };
    this.#failure.promise.catch(() => undefined);
    // Dicer cuts headers off at its limit without a word; its limit is above the one that is checked here.
    this.#splitter = new Dicer({ boundary, maxHeaderPairs: 100 });
    this.#splitter.on("part", (part) => this.#onPart(part as unknown as Part));
    this.#splitter.on("error", (cause: Error) =>
      this.#fail(new MultiPartParserError(`The multipart body is malformed: ${cause.message}.`, { cause })),
    );
  }

  async read(chunks: AsyncIterable<Uint8Array>): Promise<RequestForm> {
    const splitter = this.#splitter;
    let ended = false;
    const finished = new Promise<void>((resolve) =>
      splitter.once("finish", () => {
        ended = true;
        resolve();
      }),
    );
    for await (const chunk of chunks) {
      this.#read += chunk.byteLength;
      // After the last part there may be a note, too.
      if (ended || !splitter.writable) continue;
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      // A chunk with the end of the body in it may never be told to be taken: Dicer is finished then.
      if (!splitter.write(bytes)) await this.#orFailure(Promise.race([drained(splitter), finished]));
      if (this.#failed) await this.#failure.promise;
      if (this.#entries.length === 0 && this.#read > PREAMBLE) {
        throw new MultiPartParserError(`The multipart body has no part in its first ${PREAMBLE} bytes.`);
      }
    }
    if (!ended && splitter.writable) splitter.end();
    await this.#orFailure(finished);
    if (this.#waitsForHeader) throw new MultiPartParserError("A part of the multipart body has no complete header.");
    const form = new RequestForm();
    for (const entry of await this.#orFailure(Promise.all(this.#entries))) {
      if (entry === undefined) continue;
      if (typeof entry.value === "string") form.append(entry.name, entry.value);
      else form.files.append(entry.name, entry.value);
    }
    return form;
  }

  async discard(): Promise<void> {
    this.#failed = true;
    this.#splitter.destroy();
    await Promise.all(this.#sinks.map((sink) => sink.discard()));
  }

  #orFailure<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#failure.promise]);
  }

  #fail(error: unknown): void {
    this.#failed = true;
    this.#failure.reject(error);
  }

  #onPart(part: Part): void {
    // What breaks off is told by the splitter.
    part.on("error", () => undefined);
    if (this.#failed) {
      part.resume();
      return;
    }
    if (this.#waitsForHeader) this.#fail(new MultiPartParserError("A part of the multipart body has no header."));
    this.#waitsForHeader = true;
    const header = new Promise<Record<string, string[]>>((resolve) =>
      part.once("header", (fields: object) => {
        this.#waitsForHeader = false;
        resolve(fields as Record<string, string[]>);
      }),
    );
    const entry = header.then((fields) => this.#readPart(part, fields));
    entry.catch((error: unknown) => {
      this.#fail(error);
      part.resume();
    });
    this.#entries.push(entry);
  }

  async #readPart(part: Part, header: Record<string, string[]>): Promise<Entry> {
    const { name, filename, contentType } = readHeader(header);
    if (filename === undefined) return { name, value: await this.#readField(name, part) };
    if (++this.#files > this.#limits.files) {
      throw new TooManyFilesSent(tooMany("files", this.#limits.files, "dataUploadMaxNumberFiles"));
    }
    const sink = new UploadSink(this.#memory, () => join(this.#limits.directory, `tsjango-${randomUUID()}.upload`));
    this.#sinks.push(sink);
    for await (const chunk of part) await sink.write(chunk);
    const source = await sink.finish();
    // An input in which no file was chosen.
    if (filename === "" && "bytes" in source && source.bytes.byteLength === 0) return undefined;
    return { name, value: new UploadedFile(filename || "upload", contentType, source) };
  }

  async #readField(name: string, part: Part): Promise<string> {
    if (++this.#fields > this.#limits.fields) {
      throw new TooManyFieldsSent(tooMany("fields", this.#limits.fields, "dataUploadMaxNumberFields"));
    }
    const chunks: Buffer[] = [];
    this.#count(Buffer.byteLength(name));
    for await (const chunk of part) {
      this.#count(chunk.byteLength);
      chunks.push(chunk);
    }
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.concat(chunks));
  }

  #count(bytes: number): void {
    this.#fieldBytes += bytes;
    if (this.#fieldBytes <= this.#limits.fieldBytes) return;
    throw new RequestDataTooBig(
      `The fields of the form are larger than ${this.#limits.fieldBytes} bytes. ` +
        "Raise the setting dataUploadMaxMemorySize if they may be.",
    );
  }
}

/** What a part says of itself. Throws for what no browser sends. */
function readHeader(header: Record<string, string[]>): {
  readonly name: string;
  readonly filename: string | undefined;
  readonly contentType: string;
} {
  const size = Object.entries(header).reduce((sum, [key, values]) => sum + key.length + values.join("").length, 0);
  if (size > PART_HEADER) {
    throw new MultiPartParserError(`The headers of a part are larger than ${PART_HEADER} bytes.`);
  }
  // They come as latin1; browsers send UTF-8.
  const utf8 = (key: string) => header[key] && Buffer.from(header[key][0] as string, "latin1").toString("utf8");
  const disposition = parseParameters(utf8("content-disposition") ?? "");
  const name = disposition?.parameters.get("name");
  if (disposition?.value !== "form-data" || name === undefined) {
    throw new MultiPartParserError('A part of a multipart form needs "Content-Disposition: form-data; name=…".');
  }
  const encoding = utf8("content-transfer-encoding")?.trim().toLowerCase() ?? "binary";
  if (!["7bit", "8bit", "binary"].includes(encoding)) {
    throw new MultiPartParserError(`A part is encoded as ${JSON.stringify(encoding)}, which forms do not use.`);
  }
  const filename = extendedValue(disposition.parameters.get("filename*")) ?? disposition.parameters.get("filename");
  const type = parseParameters(utf8("content-type") ?? "");
  return {
    name,
    filename: filename === undefined ? undefined : baseName(filename),
    contentType: type?.value ?? "application/octet-stream",
  };
}

/** RFC 5987: `UTF-8''na%C3%AFve.txt`. */
function extendedValue(text: string | undefined): string | undefined {
  const encoded = /^utf-8'[^']*'(.*)$/i.exec(text ?? "")?.[1];
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** The name without directories of any system and without what cannot be seen. */
function baseName(filename: string): string {
  const name = filename
    .slice(Math.max(filename.lastIndexOf("/"), filename.lastIndexOf("\\")) + 1)
    .replace(/\p{C}/gu, "")
    .trim();
  return name === "." || name === ".." ? "" : name;
}
