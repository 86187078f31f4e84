import type { HttpReceiveEvent, Receive } from "../asgi/types.ts";
import { RequestDataTooBig, UnreadableBody } from "../exceptions.ts";

/** A request's body as it comes in, and the news that the client went away. One reader, read once, kept. */
export class RequestBody {
  readonly #receive: Receive;
  #bytes: Promise<Uint8Array> | undefined;
  #signal: AbortController | undefined;
  #state: "unread" | "reading" | "read" | "gone" = "unread";
  #done = false;

  constructor(receive: Receive) {
    this.#receive = receive;
  }

  /**
   * All of it.
   * @throws RequestDataTooBig beyond `limit` bytes, counted as they come.
   */
  bytes(limit: number): Promise<Uint8Array> {
    this.#bytes ??= this.#read(limit);
    return this.#bytes;
  }

  async #read(limit: number): Promise<Uint8Array> {
    this.#state = "reading";
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const event = (await this.#receive()) as HttpReceiveEvent;
      if (event.type === "http.disconnect") {
        this.#gone();
        throw new UnreadableBody("The client went away while it was sending the request's body.");
      }
      if (event.body !== undefined && event.body.byteLength > 0) {
        size += event.body.byteLength;
        if (size > limit) {
          throw new RequestDataTooBig(
            `The request's body is larger than ${limit} bytes. Raise the setting dataUploadMaxMemorySize if it may be.`,
          );
        }
        chunks.push(event.body);
      }
      if (event.moreBody !== true) break;
    }
    this.#state = "read";
    if (this.#signal !== undefined) void this.#watch();
    return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
  }

  /** Aborts when the client goes away before the response is complete. A body is read first, up to `limit`. */
  signal(limit: number): AbortSignal {
    if (this.#signal === undefined) {
      this.#signal = new AbortController();
      if (this.#state === "gone") this.#signal.abort();
      else if (this.#state === "read") void this.#watch();
      else if (this.#state === "unread") this.bytes(limit).catch(() => undefined);
    }
    return this.#signal.signal;
  }

  async #watch(): Promise<void> {
    const event = await this.#receive();
    if (event.type === "http.disconnect" && !this.#done) this.#gone();
  }

  #gone(): void {
    this.#state = "gone";
    this.#signal?.abort();
  }

  /** The response is complete: the connection's end is no news any more. */
  finish(): void {
    this.#done = true;
  }
}
