import {
  constants,
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { performance } from "node:perf_hooks";
import type { TLSSocket } from "node:tls";
import { type AsgiApplication, handleHttp2Stream } from "@tsjango/core/asgi";
import { HTTP2_LIMITS, type Limits } from "../config.ts";

/** What HTTP/2 is served with. */
export interface Http2Options {
  readonly application: AsgiApplication;
  readonly rootPath: string;
  readonly limits: Limits;
  /** The lifespan's state, or undefined where it is empty. */
  state(): Record<string, unknown> | undefined;
  extensions(socket: TLSSocket): Readonly<Record<string, unknown>> | undefined;
  readonly onAnswered: ((answer: Http2Answer) => void) | undefined;
  readonly onError: (error: unknown) => void;
}

/** A stream that has ended, for the access log. */
export interface Http2Answer {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly client: string | undefined;
  /** Of its body. */
  readonly bytes: number;
  readonly milliseconds: number;
}

/** The HTTP/2 connections of a server. */
export class Http2Sessions {
  readonly #options: Http2Options;
  readonly #open = new Set<Session>();
  #timer: NodeJS.Timeout | undefined;
  #closing = false;
  #emptied: PromiseWithResolvers<void> | undefined;

  constructor(options: Http2Options) {
    this.#options = options;
  }

  /** Serves a connection whose client has chosen HTTP/2. */
  take(socket: TLSSocket): void {
    const session = new Session(socket, this.#options);
    this.#open.add(session);
    this.#timer ??= setInterval(() => {
      for (const each of this.#open) each.tick();
    }, 1000).unref();
    session.onEnd(() => this.#delete(session));
    if (this.#closing) session.goAway();
  }

  #delete(session: Session): void {
    this.#open.delete(session);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#emptied?.resolve();
  }

  /** Has clients begin no more, lets streams in flight finish; after `gracePeriod` milliseconds cuts what is left. */
  async close(gracePeriod: number): Promise<void> {
    this.#closing = true;
    if (this.#open.size === 0) return;
    this.#emptied ??= Promise.withResolvers();
    for (const session of this.#open) session.goAway();
    const timer = setTimeout(() => {
      for (const session of this.#open) session.cut();
    }, gracePeriod);
    await this.#emptied.promise;
    clearTimeout(timer);
  }
}

/** A stream whose application runs, and how its body comes in. */
interface Running {
  readonly stream: ServerHttp2Stream;
  /** Seconds that its body was waited for, and the bytes that came. */
  waited: number;
  received: number;
  sent: number;
}

/** How many streams a client may take back: at once, and in each second from then on. */
const RESETS = { burst: 1000, rate: 33 };

/** One connection: many streams at once, within limits. */
class Session {
  readonly #session: ServerHttp2Session;
  readonly #socket: TLSSocket;
  readonly #options: Http2Options;
  readonly #running = new Set<Running>();
  #idle = 0;
  /** Streams that the client took back, less what time has forgiven. */
  #resets = 0;

  constructor(socket: TLSSocket, options: Http2Options) {
    this.#socket = socket;
    this.#options = options;
    const { maxConcurrentStreams, maxSessionMemory } = HTTP2_LIMITS;
    this.#session = performServerHandshake(socket, {
      settings: { maxConcurrentStreams, maxHeaderListSize: options.limits.maxHeaderSize, enablePush: false },
      maxSessionMemory,
      maxSessionInvalidFrames: 100,
      maxSessionRejectedStreams: 100,
    });
    // A connection that breaks, or breaks the rules, is the client's affair.
    this.#session.on("error", () => this.cut());
    socket.on("error", () => socket.destroy());
    // The headers as they came: two cookies stay two.
    this.#session.on("stream", (stream, headers, _flags, rawHeaders) => this.#run(stream, headers, rawHeaders));
  }

  onEnd(listener: () => void): void {
    this.#session.once("close", listener);
  }

  #run(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, rawHeaders: string[]): void {
    const { application, rootPath, onAnswered, onError } = this.#options;
    this.#idle = 0;
    stream.on("error", () => undefined);
    stream.once("aborted", () => this.#takenBack());
    // A stream that was taken back is over for the client, but its application may still run: it counts (CVE-2023-44487).
    if (this.#running.size >= HTTP2_LIMITS.maxConcurrentStreams) {
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      return;
    }
    const running: Running = { stream, waited: 0, received: 0, sent: 0 };
    this.#running.add(running);
    if (onAnswered !== undefined) {
      const start = performance.now();
      const client = this.#socket.remoteAddress;
      stream.once("close", () => {
        const bytes = headers[":method"] === "HEAD" ? 0 : running.sent;
        onAnswered({ stream, headers, client, bytes, milliseconds: performance.now() - start });
      });
    }
    const extensions = this.#options.extensions(this.#socket);
    void handleHttp2Stream(
      stream.endAfterHeaders && onAnswered === undefined ? application : counting(application, running),
      stream,
      { headers, rawHeaders },
      { rootPath, state: this.#options.state(), extensions, onError },
    ).then(() => this.#running.delete(running));
  }

  /** nghttp2 counts them too, but not each version of Node tells what it found. */
  #takenBack(): void {
    // Not within the event: the session is at work on its frames.
    if (++this.#resets === RESETS.burst) setImmediate(() => this.cut());
  }

  /** Called each second. */
  tick(): void {
    this.#resets = Math.max(0, this.#resets - RESETS.rate);
    if (this.#running.size === 0) {
      this.#idle += 1000;
      if (this.#idle >= HTTP2_LIMITS.idleTimeout) this.goAway();
      return;
    }
    this.#idle = 0;
    for (const running of this.#running) checkPace(running, this.#options.limits);
  }

  goAway(): void {
    if (!this.#session.closed) this.#session.close();
  }

  cut(): void {
    this.#session.destroy();
    this.#socket.destroy();
  }
}

/** The application, with the bytes counted that it takes and gives. */
function counting(application: AsgiApplication, running: Running): AsgiApplication {
  return (scope, receive, send) => {
    const takes: typeof receive = async () => {
      const event = await receive();
      if (event.type === "http.request") running.received += event.body?.byteLength ?? 0;
      return event;
    };
    const gives: typeof send = (event) => {
      if (event.type === "http.response.body") running.sent += Buffer.byteLength(event.body ?? "");
      return send(event);
    };
    return application(scope, takes, gives);
  };
}

/** Ends a stream whose body comes too slowly to be waited for. */
function checkPace(running: Running, { minBodyRate, slowBodyGrace }: Limits): void {
  const { stream } = running;
  // What lies unread is the application's to wait for.
  if (stream.endAfterHeaders || stream.readableEnded || stream.closed || stream.readableLength > 0) return;
  running.waited++;
  if (running.waited <= slowBodyGrace || running.received / running.waited >= minBodyRate) return;
  stream.close(constants.NGHTTP2_CANCEL);
}
