import { runInContext } from "@tsjango/kernel/async";
import { logger } from "@tsjango/kernel/logging";
import type { Receive, Send, WebSocketScope } from "../asgi/types.ts";
import { DENIAL_EXTENSION } from "../asgi/websocket-exchange.ts";
import { ClientDisconnected, Http404, HttpError, PermissionDenied, Resolver404 } from "../exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import { RequestContext } from "../http/request-context.ts";
import { HttpResponse } from "../http/response.ts";
import { isTrustedOrigin } from "../middleware/csrf-origin.ts";
import { gotRequestException, requestFinished, requestStarted } from "../signals.ts";
import type { ResolverMatch } from "../urls/resolver-match.ts";
import { viewMarks } from "../urls/view-marks.ts";
import { WebSocketConnection } from "../websockets/connection.ts";
import { exceptionResponse, tellTestClient } from "./exception-response.ts";
import { sendAndLog } from "./send-and-log.ts";
import type { Site } from "./site.ts";

const log = logger("tsjango.request");

/** Runs one WebSocket connection of a site. */
export type WebSocketHandler = (scope: WebSocketScope, receive: Receive, send: Send) => Promise<void>;

/** What an error of HTTP closes an open WebSocket with: 4403 for 403. */
const CLOSED_BY_STATUS = 4000;

/** The whole way of a WebSocket: checks of host and origin, URL, view; errors answered or told by a code. */
export function createWebSocketHandler(site: Site): WebSocketHandler {
  return async function webSocket(scope, receive, send) {
    // The event that comes first, always.
    await receive();
    const socket = new WebSocketConnection(scope, receive, send);
    const { request } = socket;
    await runInContext(new RequestContext(request), async () => {
      if (requestStarted.hasReceivers()) await sendAndLog(requestStarted, { request });
      try {
        const match = findView(site, request);
        request.resolverMatch = match;
        const { view, anyOrigin } = viewMarks(match.view).webSocket ?? notFound(request);
        if (anyOrigin !== true) checkOrigin(request);
        await view(socket, match.params as never);
        await socket.close();
      } catch (error) {
        await fail(site, error, socket, send);
      } finally {
        socket.finish();
        if (requestFinished.hasReceivers()) await sendAndLog(requestFinished, { request });
      }
    });
  };
}

function findView({ resolver }: Site, request: HttpRequest): ResolverMatch {
  // Throws where it is not this site's.
  void request.host;
  const match = resolver.find(request.pathInfo);
  if (match === undefined) throw new Resolver404(request.pathInfo, [...resolver.routes()]);
  return match;
}

function notFound(request: HttpRequest): never {
  throw new Http404(`There is no WebSocket at ${request.path}: its view is not made by websocket(…).`);
}

/** A browser lets any page open a WebSocket to any site, with that site's cookies. */
function checkOrigin(request: HttpRequest): void {
  const origin = request.header("origin");
  if (origin === undefined || isTrustedOrigin(request, origin)) return;
  throw new PermissionDenied(
    `The origin ${JSON.stringify(origin)} may not open a WebSocket here. Name it in the setting csrfTrustedOrigins if it may.`,
  );
}

async function fail(site: Site, error: unknown, socket: WebSocketConnection, send: Send): Promise<void> {
  const { request } = socket;
  // Nobody is there any more, and nothing went wrong.
  if (error instanceof ClientDisconnected || (socket.end !== undefined && isAbort(error))) return;
  if (!socket.answered) return deny(await exceptionResponse(site, error, request), request, send);
  if (error instanceof HttpError) {
    const { path } = request;
    log.warn({ path, status: error.status }, `${error.name}: WebSocket ${path}: ${error.message}`);
    return socket.close(CLOSED_BY_STATUS + error.status, error.name);
  }
  log.error({ error, path: request.path }, `WebSocket Error: ${request.path}`);
  tellTestClient(error, request);
  if (gotRequestException.hasReceivers()) await sendAndLog(gotRequestException, { request, error });
  await socket.close(1011);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** Answers the handshake with an error's page, where the server can. */
async function deny(response: unknown, { scope }: HttpRequest, send: Send): Promise<void> {
  const offered = scope.extensions !== undefined && Object.hasOwn(scope.extensions, DENIAL_EXTENSION);
  if (!offered || !(response instanceof HttpResponse)) return send({ type: "websocket.close" });
  await send({
    type: "websocket.http.response.start",
    status: response.status,
    headers: response.headerPairs().filter(([name]) => name !== "connection"),
  });
  await send({ type: "websocket.http.response.body", body: response.content });
}
