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
 * when the client has closed its end, has sent 64 KiB, or a second after all was written.
 * Source: https://www.rfc-editor.org/rfc/rfc9112#section-9.6
 */
export function closeInStages(socket: Socket, last = ""): void {
  if (socket.writableEnded || socket.destroyed) return;
  let left = MOST;
  let timer: NodeJS.Timeout | undefined;
  // An answer that is on its way takes the time that its reader takes.
  socket.once("finish", () => {
    timer = setTimeout(() => socket.destroy(), LONGEST);
  });
  socket.end(last);
  socket.once("close", () => clearTimeout(timer));
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
