import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import core from "@tsjango/core/app";
import { getAsgiApplication } from "@tsjango/core/application";
import { toNodeListener } from "@tsjango/core/asgi";
import { HttpResponse } from "@tsjango/core/http";
import { path, urls } from "@tsjango/core/urls";
import { View } from "@tsjango/core/views";
import { settingsDefiner } from "@tsjango/kernel/conf";
import { quantile } from "../harness.ts";

/** How long 200 requests at once take, to one process, of an async class-based view that sleeps for a second. */
class AsyncView extends View {
  async get(): Promise<HttpResponse> {
    await sleep(1000);
    return new HttpResponse("非同期ビューのレスポンス");
  }
}

const settings = settingsDefiner([core])({
  baseDir: new URL(".", import.meta.url),
  secretKey: "bench",
  allowedHosts: ["127.0.0.1"],
  rootUrlconf: async () => ({ urlpatterns: urls(path("", AsyncView.asView())) }),
});
const server = createServer(toNodeListener(await getAsgiApplication(settings)));
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const times: number[] = [];
for (let round = 0; round < 5; round++) {
  const start = performance.now();
  const texts = await Promise.all(Array.from({ length: 200 }, async () => (await fetch(url)).text()));
  if (texts.some((text) => text !== "非同期ビューのレスポンス")) throw new Error("a wrong answer");
  times.push(performance.now() - start);
}
server.close();
server.closeAllConnections();
console.log(
  `200 requests at once, a view of 1 s: ${(quantile(times, 0.5) / 1000).toFixed(2)} s (median of ${times.length})`,
);
