import { createServer } from "node:http";
import express from "express";
import type { Contender } from "../harness.ts";
import { OTHER_ROUTES } from "./cases.ts";
import { listen, versionOf } from "./listen.ts";

/** Express as its guide writes it. */
export function start(): Promise<Contender> {
  const app = express();
  app.use(express.json());
  const others = (names: readonly string[]) => {
    for (const name of names) app.get(`/${name}/:id`, (request, response) => void response.send(request.params["id"]));
  };
  others(OTHER_ROUTES.slice(0, 24));
  app.get("/plaintext", (_request, response) => void response.type("text/plain").send("Hello, world!"));
  app.get("/json", (_request, response) => void response.json({ message: "Hello, world!" }));
  app.get("/users/:id/posts/:slug", ({ params }, response) => {
    response.json({ id: Number(params["id"]), slug: params["slug"] });
  });
  app.post("/echo", (request, response) => void response.json(request.body));
  others(OTHER_ROUTES.slice(24));
  return listen(createServer(app), versionOf("express"));
}
