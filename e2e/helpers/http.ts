import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Whether nothing listens on a port of 127.0.0.1. */
export async function isPortFree(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}

/** Asks until the answer satisfies `accept`; fails with the last answer after `milliseconds`. */
export async function eventually(
  url: string,
  accept: (text: string, response: Response) => boolean,
  milliseconds = 30_000,
): Promise<string> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    let last: string;
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      last = await response.text();
      if (accept(last, response)) return last;
      last = `${response.status}\n${last}`;
    } catch (error) {
      last = String(error instanceof Error && error.cause ? error.cause : error);
    }
    if (Date.now() > deadline) throw new Error(`${url} did not come to answer as expected. Last:\n${last}`);
    await sleep(50);
  }
}
