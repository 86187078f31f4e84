import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { HttpReceiveEvent, Receive } from "../asgi/types.ts";
import { BadRequest, RequestAborted, RequestDataTooBig, UnreadableBody } from "../exceptions.ts";
import { drained } from "../utils/drained.ts";

/** Encodings of bodies that can be read where the setting `requestEncodings` allows them. */
export type RequestEncoding = "gzip" | "deflate" | "br";

const DECODERS = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress };

/** A request's body as it comes in, and the news that the client went away. */
export class RequestBody {
  readonly #receive: Receive;
  readonly #encoding: RequestEncoding | undefined;
  #bytes: Promise<Uint8Array> | undefined;
  #signal: AbortController | undefined;
  /** Chunks that came while the connection was watched, before anybody read them. */
  readonly #waiting: Uint8Array[] = [];
  #fetching: Promise<void> | undefined;
  #state: "coming" | "complete" | "gone" = "coming";
  #streamed = false;
  #watching = false;
  #finished = false;

  constructor(receive: Receive, encoding: RequestEncoding | undefined) {
    this.#receive = receive;
    this.#encoding = encoding;
  }

  /**
   * All of it; kept, so that it can be asked for again.
   * @throws RequestDataTooBig beyond `limit` bytes, counted as they come; UnreadableBody after `stream`.
   */
  bytes(limit: number): Promise<Uint8Array> {
    this.#bytes ??= this.#readAll(limit);
    return this.#bytes;
  }

  #readAll(limit: number): Promise<Uint8Array> {
    return this.#encoding === undefined && !this.#streamed ? this.#readPlain(limit) : this.#readChunks(limit);
  }

  async #readChunks(limit: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.#chunks()) {
      size += chunk.byteLength;
      if (size > limit) throw tooBig(limit);
      chunks.push(chunk);
    }
    return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
  }

  /** The same for a body that needs no decoding, without generators in between: most bodies are one chunk. */
  async #readPlain(limit: number): Promise<Uint8Array> {
    this.#streamed = true;
    let size = 0;
    let seen = 0;
    for (;;) {
      for (; seen < this.#waiting.length; seen++) size += (this.#waiting[seen] as Uint8Array).byteLength;
      if (size > limit) throw tooBig(limit);
      if (this.#state === "complete") break;
      if (this.#state === "gone") throw aborted();
      await this.#fetch();
    }
    const chunks = this.#waiting.splice(0);
    return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
  }

  /** Chunk by chunk, as they come: once, and instead of `bytes`, unless that has read it before. */
  async *stream(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#bytes === undefined) yield* this.#chunks();
    else yield await this.#bytes;
  }

  #chunks(): AsyncIterable<Uint8Array> {
    if (this.#streamed) {
      throw new UnreadableBody(
        "The request's body was read as a stream before, and is gone. Read it once, with one of body(), form() and stream().",
      );
    }
    this.#streamed = true;
    return this.#encoding === undefined ? this.#raw() : this.#decoded(this.#encoding);
  }

  async *#raw(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const chunk = this.#waiting.shift();
      if (chunk !== undefined) yield chunk;
      else if (this.#state === "complete") return;
      else if (this.#state === "coming") await this.#fetch();
      else throw aborted();
    }
  }

  async *#decoded(encoding: RequestEncoding): AsyncGenerator<Uint8Array, void, undefined> {
    const decoder = DECODERS[encoding]();
    const raw = this.#raw();
    const feeding = (async () => {
      for await (const chunk of raw) {
        if (!decoder.write(chunk)) await drained(decoder);
      }
      decoder.end();
    })();
    feeding.catch((error: Error) => decoder.destroy(error));
    try {
      yield* decoder;
    } catch (cause) {
      if (cause instanceof RequestAborted) throw cause;
      throw new BadRequest(`The body is not valid ${encoding}: ${(cause as Error).message}.`, { cause });
    } finally {
      decoder.destroy();
    }
  }

  /** Takes the next event in. */
  #fetch(): Promise<void> {
    this.#fetching ??= this.#take();
    return this.#fetching;
  }

  async #take(): Promise<void> {
    let event: HttpReceiveEvent;
    try {
      event = (await this.#receive()) as HttpReceiveEvent;
    } finally {
      this.#fetching = undefined;
    }
    if (event.type === "http.disconnect") return this.#gone();
    if (event.body !== undefined && event.body.byteLength > 0) this.#waiting.push(event.body);
    if (event.moreBody === true) return;
    this.#state = "complete";
    if (this.#signal !== undefined) void this.#watch();
  }

  /** Aborts when the client goes away before it has its answer. To know, the body is taken in, up to `limit` bytes. */
  signal(limit: number): AbortSignal {
    if (this.#signal === undefined) {
      this.#signal = new AbortController();
      if (this.#state === "gone") this.#signal.abort();
      else if (this.#state === "complete") void this.#watch();
      else if (!this.#streamed) this.#takeIn(limit).catch(() => undefined);
    }
    return this.#signal.signal;
  }

  async #takeIn(limit: number): Promise<void> {
    while (this.#state === "coming" && this.#waiting.reduce((sum, chunk) => sum + chunk.byteLength, 0) < limit) {
      await this.#fetch();
    }
  }

  async #watch(): Promise<void> {
    if (this.#watching) return;
    this.#watching = true;
    const event = await this.#receive();
    if (event.type === "http.disconnect") this.#gone();
  }

  #gone(): void {
    this.#state = "gone";
    if (!this.#finished) this.#signal?.abort();
  }

  /** Whether the client is known to have gone before it had its answer. */
  get gone(): boolean {
    return this.#state === "gone";
  }

  /** The response is complete: the connection's end is no news any more. */
  finish(): void {
    this.#finished = true;
  }
}

function aborted(): RequestAborted {
  return new RequestAborted("The client went away while it was sending the request's body.");
}

/** The error for a body that is larger than the setting says. */
export function tooBig(limit: number): RequestDataTooBig {
  return new RequestDataTooBig(
    `The request's body is larger than ${limit} bytes. Raise the setting dataUploadMaxMemorySize if it may be.`,
  );
}
