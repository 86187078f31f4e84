import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import core from "@tsjango/core/app";
import { getAsgiApplication } from "@tsjango/core/application";
import { toNodeListener } from "@tsjango/core/asgi";
import { HttpResponse } from "@tsjango/core/http";
import { common, security } from "@tsjango/core/middleware";
import { path, urls } from "@tsjango/core/urls";
import { settingsDefiner } from "@tsjango/kernel/conf";
import type { Contender } from "../harness.ts";

const urlpatterns = urls(
  path("plaintext", () => new HttpResponse("Hello, world!", { contentType: "text/plain; charset=utf-8" })),
);

/** A site of one view, through the ASGI application as `asgi.ts` exports it. */
async function serve(middleware: Parameters<typeof define>[0]["middleware"]): Promise<Contender> {
  const settings = define({
    baseDir: new URL(".", import.meta.url),
    secretKey: "bench",
    allowedHosts: ["127.0.0.1"],
    rootUrlconf: async () => ({ urlpatterns }),
    middleware: middleware ?? [],
  });
  const application = await getAsgiApplication(settings);
  const server = createServer(toNodeListener(application));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/plaintext`,
    version: "0.1.0",
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const define = settingsDefiner([core]);

/** Without middleware. */
export const start = (): Promise<Contender> => serve([]);

/** With the middleware that a made project has. */
export const startWithMiddleware = (): Promise<Contender> => serve([security(), common()]);
