import type { HttpReceiveEvent, HttpScope, Receive } from "./types.ts";

/** Whether a body follows a request's head, by its headers. */
export function hasBody(scope: HttpScope): boolean {
  return scope.headers.some(
    ([name, value]) => name === "transfer-encoding" || (name === "content-length" && value !== "0"),
  );
}

/**
 * A request's events for code that knows no ASGI: its body, chunk by chunk, and the news that the client has gone, told
 * once. The events have one reader at a time: while the body is read, its reader learns of the end.
 */
export class BodyEvents {
  readonly #receive: Receive;
  readonly #onGone: () => void;
  #finished = false;
  #bodyRead: boolean;

  constructor(scope: HttpScope, receive: Receive, onGone: () => void) {
    this.#receive = receive;
    this.#onGone = onGone;
    this.#bodyRead = !hasBody(scope);
    if (this.#bodyRead) void this.#watch(true);
  }

  /** The next chunk; undefined at the end. Rejects when the client goes away before it. */
  async next(): Promise<Uint8Array | undefined> {
    while (!this.#bodyRead) {
      const event = (await this.#receive()) as HttpReceiveEvent;
      if (event.type === "http.disconnect") {
        this.#bodyRead = true;
        this.#gone();
        throw new Error("The client went away while it was sending the request's body.");
      }
      if (event.moreBody !== true) {
        this.#bodyRead = true;
        void this.#watch(false);
      }
      if (event.body !== undefined && event.body.byteLength > 0) return event.body;
    }
    return undefined;
  }

  async #watch(first: boolean): Promise<void> {
    // Servers tell an empty body, too.
    if (first && (await this.#receive()).type === "http.disconnect") return this.#gone();
    if ((await this.#receive()).type === "http.disconnect") this.#gone();
  }

  #gone(): void {
    if (!this.#finished) this.#onGone();
    this.#finished = true;
  }

  /** The response is complete: a client that goes now is no news. */
  finish(): void {
    this.#finished = true;
  }
}
