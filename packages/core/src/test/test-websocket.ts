import { parseTarget } from "../asgi/target.ts";
import type { AsgiApplication, SendEvent, WebSocketReceiveEvent, WebSocketScope } from "../asgi/types.ts";
import { AsgiProtocolError, WebSocketClosed } from "../exceptions.ts";
import { Mailbox } from "./mailbox.ts";

/** What a WebSocket's handshake may be told. */
export interface WebSocketOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** The subprotocols that the client offers. */
  readonly subprotocols?: readonly string[];
  /** Milliseconds that `receive` waits before it fails. Default 1000. */
  readonly timeout?: number;
}

/** What the application did next. */
type Happening =
  | { readonly kind: "accept"; readonly subprotocol: string | undefined }
  | { readonly kind: "message"; readonly data: string | Uint8Array }
  | { readonly kind: "close"; readonly code: number; readonly reason: string }
  | { readonly kind: "error"; readonly error: unknown };

const TIMEOUT = 1000;

/**
 * The client's end of a WebSocket to an application in this process, made by `client.websocket(path)`.
 * @example
 * const socket = await client.websocket("/chat/");
 * await socket.send("hello");
 * expect(await socket.receive()).toBe("hello");
 * await socket.close();
 */
export class TestWebSocket implements AsyncDisposable {
  /** The subprotocol that the application chose. */
  readonly subprotocol: string | undefined;
  readonly #events: Mailbox<WebSocketReceiveEvent>;
  readonly #happenings: Mailbox<Happening>;
  readonly #ended: Promise<void>;
  readonly #timeout: number;
  #closed = false;

  private constructor(
    subprotocol: string | undefined,
    parts: {
      events: Mailbox<WebSocketReceiveEvent>;
      happenings: Mailbox<Happening>;
      ended: Promise<void>;
      timeout: number;
    },
  ) {
    this.subprotocol = subprotocol;
    this.#events = parts.events;
    this.#happenings = parts.happenings;
    this.#ended = parts.ended;
    this.#timeout = parts.timeout;
  }

  /** Shakes hands. @throws WebSocketClosed where the application refuses; what it throws itself. */
  static async open(application: AsgiApplication, url: URL, options: WebSocketOptions): Promise<TestWebSocket> {
    const events = new Mailbox<WebSocketReceiveEvent>();
    const happenings = new Mailbox<Happening>();
    const send = async (event: SendEvent): Promise<void> => happenings.put(happeningOf(event));
    const timeout = options.timeout ?? TIMEOUT;
    events.put({ type: "websocket.connect" });
    const ended = application(scopeOf(url, options), () => events.take(), send).then(
      () => happenings.put({ kind: "close", code: 1006, reason: "" }),
      (error: unknown) => happenings.put({ kind: "error", error }),
    );
    const first = await happenings.peek(timeout);
    if (first?.kind === "error") throw first.error;
    if (first?.kind === "accept") {
      await happenings.take();
      return new TestWebSocket(first.subprotocol, { events, happenings, ended, timeout });
    }
    events.put({ type: "websocket.disconnect", code: 1006, reason: "" });
    if (first?.kind === "close") {
      throw new WebSocketClosed(`The application refused the WebSocket of ${url.pathname}.`, first.code, first.reason);
    }
    const did = first === undefined ? `did nothing for ${timeout} ms` : "sent a message";
    throw new AsgiProtocolError(`The application ${did} before it accepted the WebSocket of ${url.pathname}.`);
  }

  /** Sends a text, or bytes. */
  async send(data: string | Uint8Array): Promise<void> {
    if (this.#closed) throw new WebSocketClosed("This end of the WebSocket is closed: nothing can be sent.", 1000);
    this.#events.put({ type: "websocket.receive", ...(typeof data === "string" ? { text: data } : { bytes: data }) });
  }

  /** Sends a value as JSON text. */
  sendJson(value: unknown): Promise<void> {
    return this.send(JSON.stringify(value));
  }

  /**
   * Waits for the next message.
   * @throws WebSocketClosed where the application closes instead, AsgiProtocolError where nothing comes in time.
   */
  async receive(): Promise<string | Uint8Array> {
    const next = await this.#happenings.peek(this.#timeout);
    if (next?.kind === "message") {
      await this.#happenings.take();
      return next.data;
    }
    // An end stays where it is, for the next call.
    if (next?.kind === "error") throw next.error;
    if (next?.kind === "close") {
      throw new WebSocketClosed(`The application closed the WebSocket (code ${next.code}).`, next.code, next.reason);
    }
    throw new AsgiProtocolError(
      next === undefined
        ? `No message came within ${this.#timeout} ms. If that is not long enough, open it with { timeout }.`
        : "The application accepted the WebSocket twice.",
    );
  }

  /** Waits for the next message, and reads it as JSON. */
  async receiveJson(): Promise<unknown> {
    const data = await this.receive();
    return JSON.parse(typeof data === "string" ? data : new TextDecoder().decode(data));
  }

  /** Ends the connection, and waits for the application's end. Rejects with what it throws. */
  async close(code = 1000, reason = ""): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#events.put({ type: "websocket.disconnect", code, reason });
    await this.#ended;
    for (;;) {
      const left = await this.#happenings.take();
      if (left.kind === "error") throw left.error;
      if (left.kind === "close") return;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function happeningOf(event: SendEvent): Happening {
  if (event.type === "websocket.accept") return { kind: "accept", subprotocol: event.subprotocol ?? undefined };
  if (event.type === "websocket.close") return { kind: "close", code: event.code ?? 1000, reason: event.reason ?? "" };
  if (event.type !== "websocket.send") {
    throw new AsgiProtocolError(`An application may not send ${event.type} on a WebSocket.`);
  }
  const data = event.text ?? event.bytes;
  if (data === null || data === undefined) throw new AsgiProtocolError("websocket.send needs a text or bytes.");
  return { kind: "message", data };
}

function scopeOf(url: URL, options: WebSocketOptions): WebSocketScope {
  const headers = Object.entries({ host: url.host, ...options.headers });
  const { path, rawPath, queryString } = parseTarget(url.pathname + url.search);
  return {
    type: "websocket",
    asgi: { version: "3.0", specVersion: "2.5" },
    httpVersion: "1.1",
    scheme: url.protocol === "https:" ? "wss" : "ws",
    path,
    rawPath,
    queryString,
    rootPath: "",
    headers: headers.map(([name, value]): [string, string] => [name.toLowerCase(), value]),
    client: ["127.0.0.1", 0],
    server: [url.hostname, url.port === "" ? null : Number(url.port)],
    subprotocols: options.subprotocols ?? [],
  };
}
