import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import type { Contender } from "../harness.ts";
import { OTHER_ROUTES } from "./cases.ts";
import { listen, versionOf } from "./listen.ts";

/** Hono as its guide writes it, on its own server for Node. */
export function start(): Promise<Contender> {
  const app = new Hono();
  const others = (names: readonly string[]) => {
    for (const name of names) app.get(`/${name}/:id`, (context) => context.text(context.req.param("id")));
  };
  others(OTHER_ROUTES.slice(0, 24));
  app.get("/plaintext", (context) => context.text("Hello, world!"));
  app.get("/json", (context) => context.json({ message: "Hello, world!" }));
  app.get("/users/:id/posts/:slug", (context) => {
    const { id, slug } = context.req.param();
    return context.json({ id: Number(id), slug });
  });
  app.post("/echo", async (context) => context.json(await context.req.json()));
  others(OTHER_ROUTES.slice(24));
  return listen(createAdaptorServer({ fetch: app.fetch }) as Server, versionOf("hono"));
}
