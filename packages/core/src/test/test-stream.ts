/** One server-sent event. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface ServerSentEvent {
  /** Its type; "message" where it names none. */
  readonly event: string;
  readonly data: string;
  readonly id: string | undefined;
}

/**
 * A response that is read while the view still runs, made by `client.stream(path)`: text by text, or event by event.
 * Leaving a loop early goes away as a client does.
 * @example
 * const stream = await client.stream("/news/");
 * for await (const { data } of stream.events()) if (data === "done") break;
 */
export class TestStream implements AsyncDisposable {
  readonly status: number;
  readonly headers: Headers;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #decoder = new TextDecoder();

  constructor(response: Response) {
    this.status = response.status;
    this.headers = response.headers;
    this.#reader = response.body?.getReader();
  }

  /** The next piece as text; undefined at the end. */
  async read(): Promise<string | undefined> {
    const { done, value } = (await this.#reader?.read()) ?? { done: true, value: undefined };
    return done ? undefined : this.#decoder.decode(value, { stream: true });
  }

  /** The pieces, each when the view sends it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    try {
      for (let piece = await this.read(); piece !== undefined; piece = await this.read()) yield piece;
    } finally {
      await this.close();
    }
  }

  /** The body as server-sent events. */
  async *events(): AsyncGenerator<ServerSentEvent, void, undefined> {
    let rest = "";
    for await (const piece of this) {
      // A line may end in CR LF of two pieces.
      const text = (rest + piece).replace(/\r\n|\r(?!$)/g, "\n");
      const blocks = text.split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parseEvent(block);
        if (event !== undefined) yield event;
      }
    }
  }

  /** Goes away: the view's `request.signal` is aborted. */
  async close(): Promise<void> {
    await this.#reader?.cancel();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A block without data, such as a comment, is no event. */
function parseEvent(block: string): ServerSentEvent | undefined {
  const fields = block.split("\n").map((line) => /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? []);
  const values = (wanted: string) => fields.filter(([, name]) => name === wanted).map(([, , value]) => value ?? "");
  const data = values("data");
  if (data.length === 0) return undefined;
  return { event: values("event").at(-1) || "message", data: data.join("\n"), id: values("id").at(-1) };
}
