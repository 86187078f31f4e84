import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** How much is still taken in, so that the client reads its answer: in bytes, milliseconds. */
const MOST = 64 * 1024;
const LONGEST = 1000;

/** Whether what is left of a body is worth reading for the sake of a connection that can be used again. */
export function isShort(length: number | undefined): boolean {
  return length !== undefined && length <= MOST;
}

/**
 * Ends a connection of HTTP/1 on which more may come, after `last`. Closing at once would reset it, and with it the answer
 * that the client has not read; so a little more is taken in and dropped, no parser sees it, and the connection is closed
 * when the client has closed its end, has sent 64 KiB, or after a second.
 * Source: https://www.rfc-editor.org/rfc/rfc9112#section-9.6
 */
export function closeInStages(socket: Socket, last = ""): void {
  if (socket.writableEnded || socket.destroyed) return;
  socket.end(last);
  let left = MOST;
  const timer = setTimeout(() => socket.destroy(), LONGEST);
  socket.once("close", () => clearTimeout(timer));
  socket.once("end", () => socket.destroy());
  socket.removeAllListeners("data");
  socket.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) socket.destroy();
  });
  socket.resume();
}

/** Has node:http close the connection of a request in stages once its response is written. */
export function closeInStagesAfter({ socket }: IncomingMessage): void {
  socket.destroySoon = () => closeInStages(socket);
}
