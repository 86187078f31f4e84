import { createServer } from "node:http";
import { AppFactory } from "@adonisjs/core/factories/app";
import { BodyParserMiddlewareFactory } from "@adonisjs/core/factories/bodyparser";
import { ServerFactory } from "@adonisjs/core/factories/http";
import type { HttpContext } from "@adonisjs/core/http";
import type { Contender } from "../harness.ts";
import { OTHER_ROUTES } from "./cases.ts";
import { listen, versionOf } from "./listen.ts";

/** Adonis: its HTTP server, router and body parser, without sessions and shield. */
export async function start(): Promise<Contender> {
  const app = new AppFactory().create(new URL(".", import.meta.url));
  await app.init();
  const server = new ServerFactory().merge({ app }).create();
  const parser = new BodyParserMiddlewareFactory().create();
  server.use([async () => ({ default: Parsing })]);
  class Parsing {
    handle(context: HttpContext, next: () => Promise<unknown>): Promise<unknown> {
      return parser.handle(context, next);
    }
  }
  const router = server.getRouter();
  const others = (names: readonly string[]) => {
    for (const name of names) router.get(`/${name}/:id`, async ({ params }) => params["id"]);
  };
  others(OTHER_ROUTES.slice(0, 24));
  router.get("/plaintext", async ({ response }) => {
    response.type("text/plain; charset=utf-8");
    return "Hello, world!";
  });
  router.get("/json", async () => ({ message: "Hello, world!" }));
  router.get("/users/:id/posts/:slug", async ({ params }) => ({ id: Number(params["id"]), slug: params["slug"] }));
  router.post("/echo", async ({ request }) => request.body());
  others(OTHER_ROUTES.slice(24));
  await server.boot();
  return listen(createServer(server.handle.bind(server)), versionOf("@adonisjs/core"));
}
