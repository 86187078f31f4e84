import { tearDown } from "@tsjango/kernel/apps";
import { runInContext } from "@tsjango/kernel/async";
import { logger } from "@tsjango/kernel/logging";
import { hasMetricListeners } from "@tsjango/kernel/metrics";
import { describeValue } from "@tsjango/kernel/utils";
import { type EventLoopWatch, type WatchOptions, watchEventLoop } from "@tsjango/kernel/watch";
import { isBodiless } from "../asgi/body-rules.ts";
import { SENT } from "../asgi/exchange.ts";
import type { AsgiApplication, HttpScope, HttpSendEvent, LifespanReceiveEvent, Receive, Send } from "../asgi/types.ts";
import { AsgiProtocolError, ClientDisconnected, InvalidContent } from "../exceptions.ts";
import { HttpRequest } from "../http/request.ts";
import { RequestContext } from "../http/request-context.ts";
import { BaseResponse, type BodyPiece, HttpResponse, StreamingHttpResponse } from "../http/response.ts";
import { refuseThenable } from "../http/unawaited.ts";
import type { DirectHandler } from "../middleware/middleware.ts";
import { applicationShutdown, applicationStartup, requestFinished } from "../signals.ts";
import { measureRequest } from "./measure-request.ts";
import { sendAndLog } from "./send-and-log.ts";
import type { WebSocketHandler } from "./websocket-handler.ts";

const log = logger("tsjango.server");

/** What an application is made with. */
export interface ApplicationOptions {
  /** From its startup to its shutdown, how the event loop is watched; undefined: not at all. */
  readonly watch?: WatchOptions | undefined;
}

/** Makes handlers an ASGI application: HTTP, WebSockets and lifespan. */
export function createAsgiApplication(
  handler: DirectHandler,
  webSocket: WebSocketHandler,
  options: ApplicationOptions = {},
): AsgiApplication {
  // Not async: it would only wrap the promises of the others once more.
  return function application(scope, receive, send) {
    if (scope.type === "http") return http(handler, scope, receive, send);
    if (scope.type === "lifespan") return lifespan(receive, send, options);
    if (scope.type === "websocket") return webSocket(scope, receive, send);
    const { type } = scope as { type: string };
    return Promise.reject(
      new AsgiProtocolError(`tsjango knows the ASGI scopes http, websocket and lifespan, not ${type}.`),
    );
  };
}

function http(handler: DirectHandler, scope: HttpScope, receive: Receive, send: Send): Promise<void> {
  const request = new HttpRequest(scope, receive, send);
  const context = new RequestContext(request);
  if (!hasMetricListeners()) return runInContext(context, answer, handler, request, send);
  return measureRequest(request, send, (measured) => runInContext(context, answer, handler, request, measured));
}

function answer(handler: DirectHandler, request: HttpRequest, send: Send): Promise<void> {
  let sent: Promise<void>;
  try {
    const answered = handler(request);
    if (answered instanceof BaseResponse) sent = respond(answered, request, send);
    else sent = answered.then((response) => respond(response, request, send));
  } catch (error) {
    sent = Promise.reject(error);
  }
  // Nothing was waited for, and nothing is left to be done.
  if (sent === SENT && !request.hasForm && !requestFinished.hasReceivers()) {
    request.finish();
    return sent;
  }
  return finished(sent, request);
}

function respond(response: BaseResponse, request: HttpRequest, send: Send): Promise<void> {
  if (!(response instanceof HttpResponse)) return sendPieces(response, request, send);
  const body: HttpSendEvent = { type: "http.response.body", body: response.content };
  const started = send({ type: "http.response.start", status: response.status, headers: response.headerPairs() });
  return started === SENT ? send(body) : started.then(() => send(body));
}

async function finished(sent: Promise<void>, request: HttpRequest): Promise<void> {
  try {
    await sent;
  } finally {
    const files = request.finish();
    if (files !== undefined) await files;
    if (requestFinished.hasReceivers()) await sendAndLog(requestFinished, { request });
  }
}

async function sendPieces(response: BaseResponse, request: HttpRequest, send: Send): Promise<void> {
  if (!(response instanceof StreamingHttpResponse)) {
    throw new InvalidContent(
      `A response is an HttpResponse or a StreamingHttpResponse; found ${response.constructor.name}.`,
    );
  }
  // One that middleware made has not been prepared.
  await response.prepare(request);
  const { status } = response;
  await send({ type: "http.response.start", status, headers: response.headerPairs() });
  if (!isBodiless(request.method, status)) return stream(response, request.signal, send);
  await send({ type: "http.response.body" });
  await leave(response.streamingContent);
}

/** Lets go of content that is not sent. */
async function leave(content: AsyncIterable<BodyPiece> | Iterable<BodyPiece>): Promise<void> {
  const stream = content as Partial<ReadableStream> & { destroy?(): void };
  if (typeof stream.cancel === "function") await stream.cancel();
  else if (typeof stream.destroy === "function") stream.destroy();
  else await iteratorOf(content).return?.();
}

function iteratorOf(content: AsyncIterable<BodyPiece> | Iterable<BodyPiece>) {
  const iterator: AsyncIterator<BodyPiece> | Iterator<BodyPiece> =
    Symbol.asyncIterator in content ? content[Symbol.asyncIterator]() : content[Symbol.iterator]();
  return iterator;
}

/** Sends each piece as it comes. When the client goes away, the iterator is told to return, even while it waits. */
async function stream(response: StreamingHttpResponse, signal: AbortSignal, send: Send): Promise<void> {
  const iterator = iteratorOf(response.streamingContent);
  let stop: ((error: Error) => void) | undefined;
  const gone = () => stop?.(new ClientDisconnected("The client went away before the response was complete."));
  signal.addEventListener("abort", gone);
  let finished = false;
  try {
    for (;;) {
      const step = await new Promise<IteratorResult<BodyPiece>>((resolve, reject) => {
        stop = reject;
        if (signal.aborted) gone();
        Promise.resolve(iterator.next()).then(resolve, reject);
      });
      if (step.done === true) break;
      await send({ type: "http.response.body", body: checkedPiece(step.value, response), moreBody: true });
    }
    finished = true;
    await send({ type: "http.response.body" });
  } finally {
    signal.removeEventListener("abort", gone);
    // Not awaited: a generator that waits for something returns only when that has come.
    if (!finished)
      Promise.resolve(iterator.return?.()).catch((error) => log.error({ error }, "A stream failed to close"));
  }
}

function checkedPiece(piece: unknown, response: StreamingHttpResponse): BodyPiece {
  if (typeof piece === "string" || piece instanceof Uint8Array) return piece;
  refuseThenable(piece, response.constructor.name);
  throw new InvalidContent(
    `The content of a ${response.constructor.name} is strings and Uint8Arrays; found ${describeValue(piece)}.`,
  );
}

async function lifespan(receive: Receive, send: Send, { watch }: ApplicationOptions): Promise<void> {
  let watching: EventLoopWatch | undefined;
  for (;;) {
    const event = (await receive()) as LifespanReceiveEvent;
    if (event.type === "lifespan.startup") {
      try {
        await applicationStartup.send();
        if (watch !== undefined) watching = watchEventLoop(watch);
        log.debug("The application has started");
        await send({ type: "lifespan.startup.complete" });
      } catch (error) {
        log.error({ error }, "A receiver of applicationStartup failed");
        return send({ type: "lifespan.startup.failed", message: String(error) });
      }
    } else if (event.type === "lifespan.shutdown") {
      watching?.end();
      const errors = await shutDown();
      for (const error of errors) log.error({ error }, "The shutdown failed");
      if (errors.length > 0) return send({ type: "lifespan.shutdown.failed", message: String(errors[0]) });
      log.debug("The application has ended");
      return send({ type: "lifespan.shutdown.complete" });
    }
  }
}

/** Tells the receivers, then closes the apps; gives what went wrong. */
async function shutDown(): Promise<unknown[]> {
  const outcomes = await applicationShutdown.sendRobust();
  const errors = outcomes.flatMap((outcome) => ("error" in outcome ? [outcome.error] : []));
  try {
    await tearDown();
  } catch (error) {
    errors.push(error);
  }
  return errors;
}
