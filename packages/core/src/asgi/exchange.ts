import { AsgiProtocolError, ClientDisconnected } from "../exceptions.ts";
import { byteLength, frame, isBodiless, unexpectedEvent, wrongLength } from "./body-rules.ts";
import type {
  EarlyHint,
  HeaderPairs,
  HttpReceiveEvent,
  ResponseBody,
  ResponseStart,
  ResponseTrailers,
  SendEvent,
} from "./types.ts";

/** What is given where nothing is to be waited for: who knows it by identity needs no await. */
export const SENT: Promise<void> = Promise.resolve();

/** The event of a request without a body, or behind its last chunk. */
export const EMPTY_REQUEST: HttpReceiveEvent = Object.freeze({ type: "http.request", moreBody: false });
/** The event of a client that has gone, and of a request that was answered. */
export const DISCONNECT: HttpReceiveEvent = Object.freeze({ type: "http.disconnect" });

/** The events that go on only where the scope offers the extension of the same name. */
const EXTENSIONS = ["http.response.early_hint", "http.response.trailers"];

/** A response's head, as the bridges write it. */
export interface Head {
  readonly status: number;
  /** Name, value, name, value …; framed. */
  readonly headers: string[];
}

/**
 * One request and its response: the rules of ASGI for the order and the content of events, the same for every way of
 * carrying them. Source: https://asgi.readthedocs.io/en/latest/specs/www.html
 */
export abstract class Exchange {
  readonly #method: string;
  readonly #extensions: Readonly<Record<string, unknown>> | undefined;
  #phase: "new" | "started" | "streaming" | "trailers" | "complete" = "new";
  /** Set between the start event and the first body event, when the head is written. */
  #head: Head | undefined;
  #declared: number | undefined;
  #bodiless = false;
  #trailers: HeaderPairs[] | undefined;
  #sent = 0;

  constructor(method: string, extensions: Readonly<Record<string, unknown>> | undefined) {
    this.#method = method;
    this.#extensions = extensions;
  }

  /** Whether the client, or the connection, is gone. */
  abstract get closed(): boolean;
  /** Gives the next event of the request. */
  abstract readonly receive: () => Promise<HttpReceiveEvent>;
  /** Writes a whole response: a head and its one piece, which is "" where there are no body bytes. */
  protected abstract writeWhole(head: Head, body: Uint8Array | string, length: number): void;
  /** Writes the head of a response that comes in pieces. */
  protected abstract writeHead(head: Head): void;
  /** Writes a piece that is not empty; resolves when another may follow. */
  protected abstract writePiece(body: Uint8Array | string): Promise<void>;
  /** Ends a response that came in pieces. */
  protected abstract writeEnd(trailers: readonly HeaderPairs[]): void;
  protected abstract writeEarlyHint(links: readonly string[]): void;

  /** Whether the response is complete as far as the application is concerned. */
  get complete(): boolean {
    return this.#phase === "complete";
  }

  /** Whether bytes of the response may have been written. */
  protected get begun(): boolean {
    return this.#phase !== "new" && this.#phase !== "started";
  }

  /** Ends the exchange: nothing more is taken from the application. */
  protected abandon(): void {
    this.#phase = "complete";
  }

  readonly send = (event: SendEvent): Promise<void> => {
    try {
      if (event?.type === "http.response.body") return this.#body(event);
      if (event?.type === "http.response.start") this.#begin(event);
      else this.#extended(event as EarlyHint | ResponseTrailers);
      return SENT;
    } catch (error) {
      return Promise.reject(error);
    }
  };

  #begin(event: ResponseStart): void {
    if (this.#phase !== "new") throw unexpectedEvent(event, "the response has already started");
    const { status } = event;
    if (!Number.isInteger(status) || status < 200 || status > 999) {
      throw new AsgiProtocolError(`A response status is a number from 200 to 999; found ${String(status)}.`);
    }
    const { headers, declared } = frame(status, event.headers);
    this.#bodiless = isBodiless(this.#method, status);
    this.#declared = declared;
    this.#head = { status, headers };
    if (event.trailers === true && this.#offers("http.response.trailers") && !this.#bodiless) this.#trailers = [];
    this.#phase = "started";
  }

  #body(event: ResponseBody): Promise<void> {
    if (this.#phase !== "started" && this.#phase !== "streaming") throw this.#misplaced(event);
    if (this.closed) throw gone();
    const body = event.body ?? "";
    if (typeof body !== "string" && !(body instanceof Uint8Array)) {
      throw new AsgiProtocolError(`A piece of a body is a Uint8Array or a string; found ${typeof body}.`);
    }
    const length = byteLength(body);
    const last = event.moreBody !== true;
    this.#sent += length;
    if (!this.#bodiless && this.#declared !== undefined && (this.#sent > this.#declared || last)) {
      if (this.#sent !== this.#declared) throw wrongLength(this.#declared, this.#sent);
    }
    const head = this.#head;
    if (head !== undefined) {
      this.#head = undefined;
      if (last && this.#trailers === undefined) {
        if (this.#declared === undefined && head.status !== 204 && head.status !== 205 && head.status !== 304) {
          head.headers.push("content-length", String(length));
        }
        // Before it is written: what fails there fails after the start.
        this.writeWhole(head, this.#bodiless ? "" : body, this.#bodiless ? 0 : length);
        this.#phase = "complete";
        return SENT;
      }
      this.writeHead(head);
      this.#phase = "streaming";
    }
    const written = length === 0 || this.#bodiless ? SENT : this.writePiece(body);
    if (!last) return written;
    if (this.#trailers !== undefined) this.#phase = "trailers";
    else {
      this.#phase = "complete";
      this.writeEnd([]);
    }
    return SENT;
  }

  #extended(event: EarlyHint | ResponseTrailers): void {
    if (!EXTENSIONS.includes(event?.type)) {
      throw unexpectedEvent(event, "only http.response.start and http.response.body are known");
    }
    if (!this.#offers(event.type)) throw unexpectedEvent(event, "the scope does not offer that extension");
    if (event.type === "http.response.early_hint") {
      if (this.#phase !== "new" && this.#phase !== "started") throw this.#misplaced(event);
      if (!Array.isArray(event.links) || event.links.some((link: unknown) => typeof link !== "string")) {
        throw new AsgiProtocolError("http.response.early_hint needs links, a list of strings.");
      }
      if (!this.closed) this.writeEarlyHint(event.links);
      return;
    }
    if (this.#phase !== "trailers" || this.#trailers === undefined) throw this.#misplaced(event);
    if (event.headers !== undefined) this.#trailers.push(event.headers);
    if (event.moreTrailers === true) return;
    this.#phase = "complete";
    if (!this.closed) this.writeEnd(this.#trailers);
  }

  #offers(extension: string): boolean {
    return this.#extensions !== undefined && Object.hasOwn(this.#extensions, extension);
  }

  #misplaced(event: SendEvent): AsgiProtocolError | ClientDisconnected {
    if (this.#phase === "new") return unexpectedEvent(event, "http.response.start comes first");
    if (this.#phase === "complete") return unexpectedEvent(event, "the response is already complete");
    return unexpectedEvent(event, this.#phase === "trailers" ? "trailers come" : "the response has already begun");
  }

  /** The error for an application that returned too early. */
  unfinished(): AsgiProtocolError {
    return new AsgiProtocolError(
      this.#phase === "new"
        ? "The ASGI application returned without starting a response."
        : "The ASGI application returned without completing its response.",
    );
  }
}

/** What `send` throws when nobody listens any more. */
export function gone(): ClientDisconnected {
  return new ClientDisconnected("The client went away before the response was complete.");
}
