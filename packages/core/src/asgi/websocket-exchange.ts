import { AsgiProtocolError, ClientDisconnected } from "../exceptions.ts";
import { unexpectedEvent } from "./body-rules.ts";
import type {
  AsgiApplication,
  HeaderPairs,
  SendEvent,
  WebSocketAccept,
  WebSocketClose,
  WebSocketMessage,
  WebSocketReceiveEvent,
  WebSocketResponse,
  WebSocketScope,
} from "./types.ts";

/** The extension by which an application refuses a handshake with an answer of its own. */
export const DENIAL_EXTENSION = "websocket.http.response";

/** What carries a WebSocket; the rules are the exchange's. */
export interface WebSocketTransport {
  /** Completes the handshake. */
  accept(subprotocol: string | undefined, headers: HeaderPairs): void;
  /** Ends the handshake with a status: 403 for a refusal, with what the application said; 500 where it failed. */
  refuse(status: 403 | 500, said?: WebSocketClose): void;
  /** Ends the handshake with the application's own answer, event by event. */
  respond(event: WebSocketResponse): Promise<void>;
  /** Sends a message; resolves when another may follow, rejects with ClientDisconnected. */
  send(data: string | Uint8Array): Promise<void>;
  close(code: number, reason: string): void;
  /** Called when the application has taken a message. */
  taken(): void;
}

const CONNECT: WebSocketReceiveEvent = Object.freeze({ type: "websocket.connect" });
/** Headers of the handshake's answer that are the server's. */
const OWN_HEADERS = /^(?:sec-websocket-.*|connection|upgrade|content-length|transfer-encoding)$/;
const MAX_REASON = 123;

/**
 * One WebSocket connection: the rules of ASGI for the order and the content of its events, the same for every way of
 * carrying them. Source: https://asgi.readthedocs.io/en/latest/specs/www.html#websocket
 */
export class WebSocketExchange {
  readonly #scope: WebSocketScope;
  readonly #transport: WebSocketTransport;
  #phase: "connecting" | "responding" | "responded" | "open" | "closed" = "connecting";
  /** Messages with their sizes. */
  readonly #messages: { readonly event: WebSocketReceiveEvent; readonly size: number }[] = [];
  #size = 0;
  #told = false;
  #end: WebSocketReceiveEvent | undefined;
  #wake = Promise.withResolvers<void>();

  constructor(scope: WebSocketScope, transport: WebSocketTransport) {
    this.#scope = scope;
    this.#transport = transport;
  }

  /** Messages that wait for the application. */
  get waiting(): number {
    return this.#messages.length;
  }

  /** Their size together: characters of texts, bytes of others. */
  get waitingSize(): number {
    return this.#size;
  }

  /** A message has come. */
  put(data: string | Uint8Array): void {
    const event: WebSocketReceiveEvent =
      typeof data === "string" ? { type: "websocket.receive", text: data } : { type: "websocket.receive", bytes: data };
    this.#messages.push({ event, size: data.length });
    this.#size += data.length;
    this.#wake.resolve();
  }

  /** The connection has ended; the first end counts. */
  disconnected(code: number, reason: string): void {
    this.#end ??= { type: "websocket.disconnect", code, reason };
    this.#wake.resolve();
  }

  readonly receive = async (): Promise<WebSocketReceiveEvent> => {
    if (!this.#told) {
      this.#told = true;
      return CONNECT;
    }
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) {
        this.#size -= message.size;
        this.#transport.taken();
        return message.event;
      }
      if (this.#end !== undefined) return this.#end;
      this.#wake = Promise.withResolvers();
      await this.#wake.promise;
    }
  };

  readonly send = async (event: SendEvent): Promise<void> => {
    switch (event?.type) {
      case "websocket.accept":
        return this.#accept(event);
      case "websocket.send":
        return this.#message(event);
      case "websocket.close":
        return this.#close(event);
      case "websocket.http.response.start":
      case "websocket.http.response.body":
        return this.#respond(event);
      default:
        throw unexpectedEvent(event, "only the events of a WebSocket are known");
    }
  };

  #accept(event: WebSocketAccept): void {
    this.#expect(event, "connecting");
    const { subprotocol, headers = [] } = event;
    if (subprotocol !== undefined && subprotocol !== null && !this.#scope.subprotocols.includes(subprotocol)) {
      const offered = this.#scope.subprotocols.join(", ") || "none";
      throw new AsgiProtocolError(
        `websocket.accept names the subprotocol ${JSON.stringify(subprotocol)}; the client offers ${offered}.`,
      );
    }
    for (const [name, value] of headers) checkHeader(name, value);
    this.#phase = "open";
    this.#transport.accept(subprotocol ?? undefined, headers);
  }

  #message(event: WebSocketMessage): Promise<void> {
    this.#expect(event, "open");
    const { text, bytes } = event;
    const [hasText, hasBytes] = [typeof text === "string", bytes instanceof Uint8Array];
    if (hasText === hasBytes) throw new AsgiProtocolError("websocket.send needs either a text or bytes.");
    return this.#transport.send((hasText ? text : bytes) as string | Uint8Array);
  }

  #close(event: WebSocketClose): void {
    const { code = 1000, reason = "" } = event;
    if (this.#phase === "connecting") {
      this.#expect(event, "connecting");
      this.#phase = "closed";
      this.#transport.refuse(403, event);
      return;
    }
    this.#expect(event, "open");
    const allowed =
      (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code < 5000);
    if (!Number.isInteger(code) || !allowed) {
      throw new AsgiProtocolError(`websocket.close takes a code such as 1000, or from 3000 to 4999; found ${code}.`);
    }
    if (typeof reason !== "string" || Buffer.byteLength(reason) > MAX_REASON) {
      throw new AsgiProtocolError(`The reason of websocket.close is a text of at most ${MAX_REASON} bytes.`);
    }
    this.#phase = "closed";
    this.#transport.close(code, reason);
  }

  async #respond(event: WebSocketResponse): Promise<void> {
    if (this.#scope.extensions === undefined || !Object.hasOwn(this.#scope.extensions, DENIAL_EXTENSION)) {
      throw unexpectedEvent(event, "the scope does not offer that extension");
    }
    const start = event.type === "websocket.http.response.start";
    this.#expect(event, start ? "connecting" : "responding");
    this.#phase = start || event.moreBody === true ? "responding" : "responded";
    await this.#transport.respond(event);
  }

  #expect(event: { readonly type: string }, phase: "connecting" | "responding" | "open"): void {
    if (this.#end !== undefined && this.#phase !== "closed") throw gone();
    if (this.#phase !== phase) throw unexpectedEvent(event, STATES[this.#phase]);
  }

  /** Runs the application; never rejects. What it throws goes to `onError`. The end of the one ends the other. */
  async run(application: AsgiApplication, onError: (error: unknown) => void): Promise<void> {
    try {
      await application(this.#scope, this.receive, this.send);
      if (this.#end !== undefined) return;
      if (this.#phase === "open") this.#transport.close(1000, "");
      else if (this.#phase === "connecting") {
        throw new AsgiProtocolError("The ASGI application returned without answering the WebSocket's handshake.");
      } else if (this.#phase === "responding") {
        throw new AsgiProtocolError("The ASGI application returned without completing its response.");
      }
    } catch (error) {
      if (!(error instanceof ClientDisconnected)) onError(error);
      if (this.#end !== undefined) return;
      if (this.#phase === "open") this.#transport.close(1011, "");
      else if (this.#phase === "connecting" || this.#phase === "responding") this.#transport.refuse(500);
    } finally {
      this.#phase = "closed";
      this.#messages.length = 0;
      this.#size = 0;
    }
  }
}

const STATES = {
  connecting: "the handshake is not answered yet",
  responding: "the handshake is being answered with a response",
  responded: "the handshake was answered with a response",
  open: "the WebSocket is open",
  closed: "the WebSocket is closed",
};

/** What `send` throws when the other end has gone. */
function gone(): ClientDisconnected {
  return new ClientDisconnected("The client closed the WebSocket.");
}

function checkHeader(name: unknown, value: unknown): void {
  if (typeof name !== "string" || typeof value !== "string" || !/^[!#$%&'*+.^`|~\w-]+$/.test(name)) {
    throw new AsgiProtocolError(
      `The headers of websocket.accept are pairs of strings; found ${JSON.stringify(name)}: ${JSON.stringify(value)}.`,
    );
  }
  if (OWN_HEADERS.test(name.toLowerCase())) {
    throw new AsgiProtocolError(
      `websocket.accept may not have the header ${JSON.stringify(name)}: it is the server's. A subprotocol goes in "subprotocol".`,
    );
  }
  if (!/^[\t\x20-\x7e]*$/.test(value)) {
    throw new AsgiProtocolError(`The header ${JSON.stringify(name)} of websocket.accept must be printable ASCII.`);
  }
}
