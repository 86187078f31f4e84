export { ClientDisconnected, WebSocketClosed } from "../exceptions.ts";
export { type AcceptOptions, WebSocketConnection, type WebSocketEnd } from "./connection.ts";
export { group, WebSocketGroup } from "./group.ts";
export { type WebSocketView, type WebSocketViewOptions, websocket } from "./websocket.ts";
