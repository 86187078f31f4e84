import type { Socket } from "node:net";

/** What is below a socket: undocumented, the same in every supported Node. */
interface Handle {
  readStart(): void;
  readStop(): void;
}

function handleOf(socket: Socket): Handle | null {
  return (socket as unknown as { _handle: Handle | null })._handle;
}

/**
 * Calls `arrived` with the first bytes of a paused connection. After them nothing more is read, until `readOn`, or by
 * another process that it is handed to. A connection that closes first is forgotten.
 */
export function firstBytes(socket: Socket, arrived: (head: Buffer) => void): void {
  const leave = () => socket.destroy();
  socket.on("error", leave);
  socket.once("end", leave);
  socket.once("data", (head: Buffer) => {
    socket.off("end", leave);
    socket.pause();
    // pause() alone reads on until a buffer is full; those bytes would be missed where the connection goes. The socket
    // goes on to take itself for reading, and so does not start by itself.
    handleOf(socket)?.readStop();
    arrived(head);
  });
  socket.resume();
}

/** Reads on in this process. */
export function readOn(socket: Socket): void {
  handleOf(socket)?.readStart();
}
