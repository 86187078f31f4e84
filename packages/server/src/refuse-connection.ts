import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";

/** The longest request line that is let through; longer ones are told so. */
const MAX_LINE = 8192;

/** How much is taken in behind a refusal, so that the client reads it: in bytes, milliseconds. */
const MOST = 64 * 1024;
const LONGEST = 1000;

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
  if (!socket.writable || current?.headersSent === true || (error as NodeJS.ErrnoException).code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  answerRaw(socket, statusOf(error));
}

/** Writes an answer without a body past node:http, and ends the connection. */
export function answerRaw(socket: Socket, status: number, headers = ""): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`);
  linger(socket);
}

/**
 * Ends a connection on which more may come: closing at once would reset it, and with it the answer that the client has not
 * read (RFC 9112, section 9.6). So a little more is taken in, and dropped.
 */
function linger(socket: Socket): void {
  let left = MOST;
  const timer = setTimeout(() => socket.destroy(), LONGEST);
  socket.once("close", () => clearTimeout(timer));
  socket.once("end", () => socket.destroy());
  // No parser sees what comes now.
  socket.removeAllListeners("data");
  socket.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) socket.destroy();
  });
}
