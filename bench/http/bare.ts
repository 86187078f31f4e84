import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Contender } from "../harness.ts";

/** node:http with nothing on top: the floor. */
export async function start(): Promise<Contender> {
  const server = createServer((_request, response) => {
    const body = "Hello, world!";
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "content-length": Buffer.byteLength(body) });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/plaintext`,
    version: process.version,
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
