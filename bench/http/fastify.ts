import { fastify } from "fastify";
import type { Contender } from "../harness.ts";

/** Fastify as its guide writes it, without a logger. */
export async function start(): Promise<Contender> {
  const app = fastify();
  app.get("/plaintext", async (_request, reply) => {
    reply.type("text/plain; charset=utf-8");
    return "Hello, world!";
  });
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    url: `${address}/plaintext`,
    version: app.version,
    async stop() {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}
