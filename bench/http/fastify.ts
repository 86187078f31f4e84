import { fastify } from "fastify";
import type { Contender } from "../harness.ts";
import { OTHER_ROUTES } from "./cases.ts";

/** Fastify as its guide writes it, without a logger. */
export async function start(): Promise<Contender> {
  const app = fastify();
  const others = (names: readonly string[]) => {
    for (const name of names) app.get<{ Params: { id: string } }>(`/${name}/:id`, async (request) => request.params.id);
  };
  others(OTHER_ROUTES.slice(0, 24));
  app.get("/plaintext", async (_request, reply) => {
    reply.type("text/plain; charset=utf-8");
    return "Hello, world!";
  });
  app.get("/json", async () => ({ message: "Hello, world!" }));
  app.get<{ Params: { id: string; slug: string } }>("/users/:id/posts/:slug", async ({ params }) => ({
    id: Number(params.id),
    slug: params.slug,
  }));
  app.post("/echo", async (request) => request.body);
  others(OTHER_ROUTES.slice(24));
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    url,
    version: app.version,
    async stop() {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}
