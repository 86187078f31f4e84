import type { HeaderPairs, Receive, Send, WebSocketReceiveEvent, WebSocketScope } from "../asgi/types.ts";
import { WebSocketClosed } from "../exceptions.ts";
import { parseJson } from "../http/parse-json.ts";
import { HttpRequest } from "../http/request.ts";
import type { StandardSchema } from "../http/standard-schema.ts";
import { validate } from "../http/validation-error.ts";

/** How a handshake is answered. */
export interface AcceptOptions {
  /** One of those that the client offers. */
  readonly subprotocol?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a WebSocket ended: `code` and `reason` as in RFC 6455; 1006 where the connection broke off. */
export interface WebSocketEnd {
  readonly code: number;
  readonly reason: string;
}

/**
 * The server's end of a WebSocket, given to the views that `websocket` makes. It is accepted when it is first sent to or
 * read from; a view that throws before that refuses it, and one that returns closes it.
 * @example
 * websocket(async (socket) => {
 *   for await (const message of socket) await socket.send(message);
 * });
 */
export class WebSocketConnection implements AsyncIterable<string | Uint8Array> {
  /** The handshake, a GET request: its path, query, headers, cookies. */
  readonly request: HttpRequest;
  /** What the client offers. */
  readonly subprotocols: readonly string[];
  /** The one that was accepted. */
  subprotocol: string | undefined;
  readonly #receive: Receive;
  readonly #send: Send;
  readonly #over = Promise.withResolvers<void>();
  #state: "new" | "open" | "closed" = "new";
  #end: WebSocketEnd | undefined;
  /** The event that is waited for ahead of its reader, so that the end is noticed by those who only send. */
  #next: Promise<WebSocketReceiveEvent> | undefined;

  constructor(scope: WebSocketScope, receive: Receive, send: Send) {
    const scheme = scope.scheme === "wss" ? "https" : "http";
    this.request = new HttpRequest({ ...scope, type: "http", method: "GET", scheme }, this.#requestEvents());
    this.subprotocols = scope.subprotocols;
    this.#receive = receive;
    this.#send = send;
  }

  /** How it ended, once it has. */
  get end(): WebSocketEnd | undefined {
    return this.#end;
  }

  /** Aborts when it ends; what waits for something else can be given it. */
  get signal(): AbortSignal {
    return this.request.signal;
  }

  /** Whether the handshake is answered. */
  get answered(): boolean {
    return this.#state !== "new";
  }

  /** The events that the request of the handshake sees: an empty body, then the end. */
  #requestEvents(): Receive {
    let read = false;
    return async () => {
      if (!read) {
        read = true;
        return { type: "http.request" };
      }
      await this.#over.promise;
      return { type: "http.disconnect" };
    };
  }

  /** Answers the handshake, where that is not left to the first message. @throws AsgiProtocolError the second time */
  async accept(options: AcceptOptions = {}): Promise<void> {
    const { subprotocol, headers = {} } = options;
    const pairs: HeaderPairs = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    await this.#send({ type: "websocket.accept", subprotocol: subprotocol ?? null, headers: pairs });
    this.subprotocol = subprotocol;
    this.#state = "open";
    this.#listen();
  }

  /** Sends a text, or bytes; waits while the client is slow. @throws ClientDisconnected once it has gone */
  async send(data: string | Uint8Array): Promise<void> {
    if (this.#state === "new") await this.accept();
    await this.#send({ type: "websocket.send", ...(typeof data === "string" ? { text: data } : { bytes: data }) });
  }

  /** Sends a value as JSON text. */
  sendJson(value: unknown): Promise<void> {
    return this.send(JSON.stringify(value));
  }

  /** The next message. @throws WebSocketClosed at the end */
  async receive(): Promise<string | Uint8Array> {
    const message = await this.#message();
    if (message !== undefined) return message;
    const { code, reason } = this.#end as WebSocketEnd;
    throw new WebSocketClosed(`The WebSocket of ${this.request.path} has ended (code ${code}).`, code, reason);
  }

  /** The messages until the end, texts as strings and others as bytes. */
  async *[Symbol.asyncIterator](): AsyncGenerator<string | Uint8Array, void, undefined> {
    for (;;) {
      const message = await this.#message();
      if (message === undefined) return;
      yield message;
    }
  }

  /**
   * The messages until the end, read as JSON. Give a schema to have them checked and typed. One that is not valid is
   * thrown as BadRequest or RequestValidationError; where the view does not catch it, that closes with 4400.
   * @example
   * for await (const { text } of socket.json(z.object({ text: z.string() }))) await room.send(text);
   */
  json(): AsyncGenerator<unknown, void, undefined>;
  json<T>(schema: StandardSchema<T>): AsyncGenerator<T, void, undefined>;
  async *json<T>(schema?: StandardSchema<T>): AsyncGenerator<unknown, void, undefined> {
    for await (const message of this) {
      const value = parseJson(typeof message === "string" ? message : new TextDecoder().decode(message));
      yield schema === undefined ? value : await validate(schema, value);
    }
  }

  /** Closes it, or refuses the handshake with 403; `code` is 1000, or your own from 4000 to 4999. */
  async close(code = 1000, reason = ""): Promise<void> {
    if (this.#state === "closed" || this.#end !== undefined) return;
    this.#state = "closed";
    await this.#send({ type: "websocket.close", code, reason });
    this.#ended({ code, reason });
  }

  /** For the handler: the view has ended. */
  finish(): void {
    this.#ended({ code: 1000, reason: "" });
    this.request.finish();
  }

  async #message(): Promise<string | Uint8Array | undefined> {
    if (this.#state === "new") await this.accept();
    if (this.#state === "closed") return undefined;
    const event = await this.#listen();
    if (event.type !== "websocket.receive") return undefined;
    this.#next = undefined;
    this.#listen();
    return event.text ?? (event.bytes as Uint8Array);
  }

  #listen(): Promise<WebSocketReceiveEvent> {
    this.#next ??= (this.#receive() as Promise<WebSocketReceiveEvent>).then((event) => {
      if (event.type === "websocket.disconnect") this.#ended(event);
      return event;
    });
    return this.#next;
  }

  #ended({ code, reason }: WebSocketEnd): void {
    this.#end ??= { code, reason };
    this.#over.resolve();
  }

  /** Calls `listener` when it has ended; at once where it has. Used by groups. */
  onEnd(listener: () => void): void {
    void this.#over.promise.then(listener);
  }
}
