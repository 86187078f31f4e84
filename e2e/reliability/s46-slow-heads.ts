import { once } from "node:events";
import { CrowdedSite } from "./support/crowd.ts";
import { quantile } from "./support/load.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** Thousands of connections whose requests come a byte at a time: others are answered as before, and they are let go. */
export default async function slowHeads(form: "long" | "short"): Promise<Measured> {
  const [count, headersTimeout] = form === "long" ? [2_000, 10_000] : [200, 1_500];
  return await within(CrowdedSite.start({ limits: { headersTimeout } }), async (site) => {
    await site.times(200);
    const quiet = quantile(await site.times(600), 0.99);
    const start = performance.now();
    const sockets = await site.open(count, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
    const closed = Promise.all(sockets.map((socket) => socket.resume() && once(socket, "close")));
    const drip = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write("x");
    }, 1_000);
    const during = quantile(await site.times(600), 0.99);
    await closed;
    clearInterval(drip);
    const seconds = (performance.now() - start) / 1000;
    expectThat(seconds * 1000 < headersTimeout + 4_000, `they were let go after ${seconds.toFixed(1)} s`);
    // In seconds, beside other tests, a single request may wait.
    expectThat(
      during <= 2 * quiet || (form === "short" && during < 100),
      `p99 went from ${quiet.toFixed(1)} to ${during.toFixed(1)} ms`,
    );
    return {
      figure: `${count} slow heads: p99 of others ${quiet.toFixed(1)} → ${during.toFixed(1)} ms; all let go after ${seconds.toFixed(1)} s`,
    };
  });
}
