import type { IncomingMessage, ServerResponse } from "node:http";

/** Shows what could forge or garble a log line as escapes. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]|["\\]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** `127.0.0.1 - "GET / HTTP/1.1" 200 12 ms`. A client that left before its answer began is shown as 499. */
export function accessLine(request: IncomingMessage, response: ServerResponse, milliseconds: number): string {
  const target = printable(`${request.method} ${request.url}`);
  const status = response.headersSent ? response.statusCode : 499;
  const client = request.socket.remoteAddress ?? "-";
  return `${client} - "${target} HTTP/${request.httpVersion}" ${status} ${Math.round(milliseconds)} ms`;
}
