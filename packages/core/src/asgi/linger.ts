import type { IncomingMessage, ServerResponse } from "node:http";

/** How much of a body that nobody reads is taken in, so that the client reads its answer: in bytes, milliseconds. */
const MOST = 64 * 1024;
const LONGEST = 1000;

/** Whether what is left of a body is worth reading for the sake of a connection that can be used again. */
export function isShort(length: number | undefined): boolean {
  return length !== undefined && length <= MOST;
}

/**
 * Ends a connection whose request is still being sent when its response is complete. Closing at once would reset it,
 * and with it the answer that the client has not read: RFC 9112, section 9.6. So a little more is read, then it ends.
 */
export function lingerAfter(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  const { destroySoon } = socket;
  let left = MOST;
  const end = () => {
    clearTimeout(timer);
    socket.destroySoon = destroySoon;
    socket.destroySoon();
  };
  const timer = setTimeout(() => socket.destroy(), LONGEST);
  socket.once("close", () => clearTimeout(timer));
  // node:http calls it when the response is written, to destroy the connection; only its own half is closed here.
  socket.destroySoon = () => void socket.end();
  request.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) socket.destroy();
  });
  request.once("end", end);
  response.once("finish", () => {
    socket.end();
    if (request.readableEnded) end();
  });
}
