export { WebSocketClosed } from "../exceptions.ts";
export { Client, type ClientOptions, type ClientRequestOptions } from "./client.ts";
export { CookieJar } from "./cookie-jar.ts";
export type { FormValue, QueryValue, QueryValues, RequestContent } from "./request-content.ts";
export { type MadeRequestOptions, makeRequest } from "./request-factory.ts";
export { TestResponse } from "./test-response.ts";
export { type ServerSentEvent, TestStream } from "./test-stream.ts";
export { TestWebSocket, type WebSocketOptions } from "./test-websocket.ts";
