import { HttpResponse } from "../http/response.ts";
import type { ViewFunction } from "../urls/types.ts";
import { wrapView } from "../urls/view-marks.ts";
import type { WebSocketConnection } from "./connection.ts";

/** A view of WebSockets: it runs as long as the connection lasts. */
export type WebSocketView<P = object> = (socket: WebSocketConnection, params: P) => Promise<void> | void;

export interface WebSocketViewOptions {
  /**
   * Take connections that pages of other sites open, with this site's cookies. Default false: a browser's `Origin` must be
   * this site, or one of the setting `csrfTrustedOrigins`.
   */
  readonly anyOrigin?: boolean;
}

/**
 * Makes a view of WebSockets, for `path`. The middleware does not see it: it has the handshake as `socket.request`. Plain
 * requests of its URL are answered with 426.
 * @example
 * path("chat/<slug:room>/", websocket(async (socket, { room }) => {
 *   const members = group(`chat.${room}`);
 *   members.add(socket);
 *   for await (const message of socket) members.send(message);
 * }));
 */
export function websocket<P = object>(view: WebSocketView<P>, options: WebSocketViewOptions = {}): ViewFunction<P> {
  const answer: ViewFunction<P> = () =>
    new HttpResponse("This is the address of a WebSocket.\n", {
      status: 426,
      contentType: "text/plain; charset=utf-8",
      headers: { upgrade: "websocket" },
    });
  Object.defineProperty(answer, "name", { value: view.name, configurable: true });
  return wrapView(answer, answer, { webSocket: { view: view as WebSocketView<never>, ...options } });
}
