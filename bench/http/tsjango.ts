import core from "@tsjango/core/app";
import { getAsgiApplication } from "@tsjango/core/application";
import { type HttpRequest, HttpResponse, JsonResponse } from "@tsjango/core/http";
import { common, csrf, security } from "@tsjango/core/middleware";
import { path, urls } from "@tsjango/core/urls";
import { csrfExempt } from "@tsjango/core/views";
import { settingsDefiner } from "@tsjango/kernel/conf";
import { createServer } from "@tsjango/server";
import type { Contender } from "../harness.ts";
import { OTHER_ROUTES } from "./cases.ts";

const others = (names: readonly string[]) =>
  names.map((name) => path(`${name}/<int:id>`, (_request, { id }: { id: number }) => new HttpResponse(String(id))));

const urlpatterns = urls(
  ...others(OTHER_ROUTES.slice(0, 24)),
  path("plaintext", () => new HttpResponse("Hello, world!", { contentType: "text/plain; charset=utf-8" })),
  path("json", () => new JsonResponse({ message: "Hello, world!" })),
  path("users/<int:id>/posts/<slug:slug>", (_request, { id, slug }) => new JsonResponse({ id, slug })),
  path(
    "echo",
    csrfExempt(async (request: HttpRequest) => new JsonResponse(await request.json())),
  ),
  ...others(OTHER_ROUTES.slice(24)),
);

const define = settingsDefiner([core]);

/** A site as a project has it, on the server of `tsjango serve`. */
async function serve(
  middleware: Parameters<typeof define>[0]["middleware"],
  blockedLoopThreshold?: number,
): Promise<Contender> {
  const settings = define({
    baseDir: new URL(".", import.meta.url),
    secretKey: "bench",
    allowedHosts: ["127.0.0.1"],
    rootUrlconf: async () => ({ urlpatterns }),
    middleware: middleware ?? [],
    ...(blockedLoopThreshold !== undefined && { blockedLoopThreshold }),
  });
  const server = createServer(await getAsgiApplication(settings), { port: 0 });
  const url = await server.listen();
  return {
    url: url.replace(/\/$/, ""),
    version: "0.1.0",
    async stop() {
      await server.close({ gracePeriod: 0 });
    },
  };
}

/** Without middleware. */
export const start = (): Promise<Contender> => serve([]);

/** With the middleware that a made project has. */
export const startWithMiddleware = (): Promise<Contender> => serve([security(), common(), csrf()]);

/** Without the watch of the event loop. */
export const startUnwatched = (): Promise<Contender> => serve([], 0);
