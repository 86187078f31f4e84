import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { closeInStages } from "@tsjango/core/asgi";

/** The longest request line that is let through; longer ones are told so. */
const MAX_LINE = 8192;

/** The status that tells a client what was wrong with its bytes. */
function statusOf(error: Error & { code?: string; rawPacket?: Buffer }): number {
  switch (error.code) {
    case "HPE_HEADER_OVERFLOW": {
      const start = error.rawPacket?.subarray(0, MAX_LINE) ?? Buffer.alloc(0);
      // A whole packet without an end of line is a long target.
      return start.byteLength === MAX_LINE && /^[A-Z]+ /.test(start.toString("latin1")) && !start.includes("\n")
        ? 414
        : 431;
    }
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return 413;
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return 408;
    default:
      return 400;
  }
}

/**
 * Ends a connection on which something came that is no HTTP, or too late. The client is told, unless part of another
 * answer is on its way: it would read this one as the rest of it.
 */
export function refuseConnection(socket: Socket, error: Error, current?: ServerResponse): void {
  // Already being closed: what still comes is dropped.
  if (socket.writableEnded) return;
  if (current?.headersSent === true || (error as NodeJS.ErrnoException).code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  answerRaw(socket, statusOf(error));
}

/** Writes an answer without a body past node:http, and ends the connection. */
export function answerRaw(socket: Socket, status: number, headers = ""): void {
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`;
  closeInStages(socket, head);
}
