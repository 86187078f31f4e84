import { InvalidContent } from "../exceptions.ts";
import { type ResponseOptions, StreamingHttpResponse } from "./response.ts";
import { inspectJson } from "./unawaited.ts";

/** One event. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface EventStreamEvent {
  /** A text as it is; anything else as JSON. */
  readonly data: unknown;
  /** Its type, which a page listens for. Default "message". */
  readonly event?: string | undefined;
  /** What the browser sends as `Last-Event-ID` when it connects again; `request.lastEventId`. */
  readonly id?: string | number | undefined;
  /** After how many milliseconds the browser connects again when the connection breaks. */
  readonly retry?: number | undefined;
}

/** What `EventStreamResponse` may be told. */
export interface EventStreamOptions extends Omit<ResponseOptions, "contentType"> {
  /** Seconds of silence after which a comment is sent, so that proxies keep the connection. Default 15; 0 for never. */
  readonly keepAlive?: number | undefined;
  /** After how many milliseconds the browser connects again when the connection breaks. */
  readonly retry?: number | undefined;
}

/**
 * Server-sent events, as an async iterable gives them: events, or their data alone. The client's going away ends the
 * iteration and aborts `request.signal`.
 * @example
 * async function* news(request: HttpRequest) {
 *   for await (const item of items({ after: request.lastEventId, signal: request.signal })) {
 *     yield { id: item.id, data: { title: item.title } };
 *   }
 * }
 * return new EventStreamResponse(news(request));
 */
export class EventStreamResponse extends StreamingHttpResponse {
  constructor(events: AsyncIterable<EventStreamEvent | string>, options: EventStreamOptions = {}) {
    const { keepAlive = 15, retry } = options;
    super(events as AsyncIterable<string>, options);
    this.streamingContent = { [Symbol.asyncIterator]: () => new EncodedEvents(events, keepAlive, retry) };
    this.headers.set("content-type", "text/event-stream");
    this.headers.setDefault("cache-control", "no-cache");
    // Keeps nginx from collecting events.
    this.headers.setDefault("x-accel-buffering", "no");
  }
}

/** The events as text, with comments where they leave long silences. */
class EncodedEvents implements AsyncIterator<string, undefined> {
  readonly #events: AsyncIterator<EventStreamEvent | string>;
  readonly #keepAlive: number;
  #first: string | undefined;
  /** The event that is waited for, over several comments. */
  #next: Promise<IteratorResult<EventStreamEvent | string>> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(events: AsyncIterable<EventStreamEvent | string>, keepAlive: number, retry: number | undefined) {
    this.#events = events[Symbol.asyncIterator]();
    this.#keepAlive = keepAlive * 1000;
    // Sent at once, so that the page knows that it is connected.
    this.#first = retry === undefined ? ":\n\n" : `retry: ${Math.trunc(retry)}\n\n`;
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    if (this.#first !== undefined) {
      const value = this.#first;
      this.#first = undefined;
      return { done: false, value };
    }
    this.#next ??= Promise.resolve(this.#events.next());
    const step = this.#keepAlive > 0 ? await Promise.race([this.#next, this.#silence()]) : await this.#next;
    clearTimeout(this.#timer);
    if (step === undefined) return { done: false, value: ":\n\n" };
    this.#next = undefined;
    if (step.done === true) return { done: true, value: undefined };
    return { done: false, value: encodeEvent(step.value) };
  }

  #silence(): Promise<undefined> {
    return new Promise((resolve) => {
      this.#timer = setTimeout(resolve, this.#keepAlive, undefined);
    });
  }

  async return(): Promise<IteratorResult<string, undefined>> {
    clearTimeout(this.#timer);
    // What it was waiting for may fail now.
    this.#next?.catch(() => undefined);
    await this.#events.return?.();
    return { done: true, value: undefined };
  }
}

function encodeEvent(given: EventStreamEvent | string): string {
  const { data, event, id, retry } = typeof given === "string" ? { data: given } : (given as EventStreamEvent);
  let text = "";
  if (event !== undefined) text += `event: ${oneLine("event", event)}\n`;
  if (id !== undefined) text += `id: ${oneLine("id", String(id))}\n`;
  if (retry !== undefined) text += `retry: ${Math.trunc(retry)}\n`;
  for (const line of dataText(data).split(/\r\n|\r|\n/)) text += `data: ${line}\n`;
  return `${text}\n`;
}

function dataText(data: unknown): string {
  if (typeof data === "string") return data;
  inspectJson(data, "EventStreamResponse");
  const text = JSON.stringify(data);
  if (text !== undefined) return text;
  throw new InvalidContent(
    `An event needs data: a text, or something that can be written as JSON; found ${typeof data}.`,
  );
}

function oneLine(field: string, text: string): string {
  if (!/[\r\n\0]/.test(text)) return text;
  throw new InvalidContent(`An event's ${field} is one line; found ${JSON.stringify(text)}.`);
}
