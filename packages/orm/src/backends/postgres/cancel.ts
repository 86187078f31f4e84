import { connect } from "node:net";

const CANCEL_REQUEST = 80_877_102;
const LENGTH = 16;
const PATIENCE = 2000;

/** The server's process of a connection, and where the server is. */
export interface ServerProcess {
  readonly host: string;
  readonly port: number;
  readonly processID: number;
  readonly secretKey: number;
}

/**
 * Asks the server to end what one of its connections runs; resolves when it has taken note, or cannot be asked.
 * Source: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export function cancelRequest({ host, port, processID, secretKey }: ServerProcess): Promise<void> {
  const message = Buffer.alloc(LENGTH);
  message.writeInt32BE(LENGTH, 0);
  message.writeInt32BE(CANCEL_REQUEST, 4);
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  return new Promise((resolve) => {
    const socket = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    socket.setTimeout(PATIENCE, () => socket.destroy());
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
    socket.on("connect", () => socket.write(message));
    // The server answers by closing.
    socket.resume();
  });
}
