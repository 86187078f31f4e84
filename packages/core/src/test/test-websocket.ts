import { parseTarget } from "../asgi/target.ts";
import type { AsgiApplication, WebSocketClose, WebSocketResponse, WebSocketScope } from "../asgi/types.ts";
import { DENIAL_EXTENSION, WebSocketExchange, type WebSocketTransport } from "../asgi/websocket-exchange.ts";
import { AsgiProtocolError, WebSocketClosed } from "../exceptions.ts";
import { EXCEPTION_EXTENSION } from "../handlers/exception-response.ts";
import { Mailbox } from "./mailbox.ts";

/** What a WebSocket's handshake may be told. */
export interface WebSocketOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** The subprotocols that the client offers. */
  readonly subprotocols?: readonly string[];
  /** Entries of `scope.extensions`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** Milliseconds that `receive` waits before it fails. Default 1000. */
  readonly timeout?: number;
}

/** What the application did next. */
type Happening =
  | { readonly kind: "accept"; readonly subprotocol: string | undefined }
  | { readonly kind: "message"; readonly data: string | Uint8Array }
  | { readonly kind: "close"; readonly code: number; readonly reason: string; readonly answer?: Answer }
  | { readonly kind: "error"; readonly error: unknown };

/** What a handshake was refused with. */
interface Answer {
  readonly status: number;
  readonly body: string;
}

const TIMEOUT = 1000;

/** Carries a WebSocket inside this process. */
class Transport implements WebSocketTransport {
  readonly happenings: Mailbox<Happening> = new Mailbox();
  #status = 0;
  #body = "";

  accept(subprotocol: string | undefined): void {
    this.happenings.put({ kind: "accept", subprotocol });
  }

  refuse(status: 403 | 500, said?: WebSocketClose): void {
    const { code = 1000, reason = "" } = said ?? {};
    this.happenings.put({ kind: "close", code, reason, answer: { status, body: "" } });
  }

  async respond(event: WebSocketResponse): Promise<void> {
    if (event.type === "websocket.http.response.start") {
      this.#status = event.status;
      return;
    }
    const { body = "" } = event;
    this.#body += typeof body === "string" ? body : new TextDecoder().decode(body);
    if (event.moreBody === true) return;
    this.happenings.put({ kind: "close", code: 1006, reason: "", answer: { status: this.#status, body: this.#body } });
  }

  async send(data: string | Uint8Array): Promise<void> {
    this.happenings.put({ kind: "message", data });
  }

  close(code: number, reason: string): void {
    this.happenings.put({ kind: "close", code, reason });
  }

  taken(): void {}
}

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
  readonly #exchange: WebSocketExchange;
  readonly #happenings: Mailbox<Happening>;
  readonly #ended: Promise<void>;
  readonly #timeout: number;
  #closed = false;

  private constructor(
    subprotocol: string | undefined,
    parts: { exchange: WebSocketExchange; happenings: Mailbox<Happening>; ended: Promise<void>; timeout: number },
  ) {
    this.subprotocol = subprotocol;
    this.#exchange = parts.exchange;
    this.#happenings = parts.happenings;
    this.#ended = parts.ended;
    this.#timeout = parts.timeout;
  }

  /** Shakes hands. @throws WebSocketClosed where the application refuses; what it throws itself. */
  static async open(application: AsgiApplication, url: URL, options: WebSocketOptions): Promise<TestWebSocket> {
    const transport = new Transport();
    const { happenings } = transport;
    const failed = (error: unknown) => happenings.put({ kind: "error", error });
    // What a view throws is told, before the answer to it.
    const extensions = { [DENIAL_EXTENSION]: {}, [EXCEPTION_EXTENSION]: failed, ...options.extensions };
    const exchange = new WebSocketExchange(scopeOf(url, options, extensions), transport);
    const timeout = options.timeout ?? TIMEOUT;
    const ended = exchange.run(application, failed);
    const first = await happenings.peek(timeout);
    if (first?.kind === "error") throw first.error;
    if (first?.kind === "accept") {
      await happenings.take();
      return new TestWebSocket(first.subprotocol, { exchange, happenings, ended, timeout });
    }
    exchange.disconnected(1006, "");
    if (first?.kind === "close") {
      const how = first.answer === undefined || first.answer.body === "" ? "" : ` with status ${first.answer.status}`;
      const message = `The application refused the WebSocket of ${url.pathname}${how}.`;
      throw Object.assign(new WebSocketClosed(message, first.code, first.reason), first.answer);
    }
    throw new AsgiProtocolError(
      `The application did nothing for ${timeout} ms before it accepted the WebSocket of ${url.pathname}.`,
    );
  }

  /** Sends a text, or bytes. */
  async send(data: string | Uint8Array): Promise<void> {
    if (this.#closed) throw new WebSocketClosed("This end of the WebSocket is closed: nothing can be sent.", 1000);
    this.#exchange.put(data);
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
      `No message came within ${this.#timeout} ms. If that is not long enough, open it with { timeout }.`,
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
    this.#exchange.disconnected(code, reason);
    await this.#ended;
    for (;;) {
      const left = await this.#happenings.peek(0);
      if (left?.kind === "error") throw left.error;
      if (left === undefined || left.kind === "close") return;
      await this.#happenings.take();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function scopeOf(url: URL, options: WebSocketOptions, extensions: Record<string, unknown>): WebSocketScope {
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
    extensions,
  };
}
