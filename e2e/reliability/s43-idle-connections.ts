import { setTimeout as sleep } from "node:timers/promises";
import { CrowdedSite, KB } from "./support/crowd.ts";
import { quantile } from "./support/load.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** Thousands of connections that are kept alive, and do nothing: what each costs, and whether others notice. */
export default async function idleConnections(form: "long" | "short"): Promise<Measured> {
  const count = form === "long" ? 10_000 : 500;
  return await within(CrowdedSite.start({ limits: { keepAliveTimeout: 600_000 } }), async (site) => {
    const quiet = quantile(await site.times(400), 0.99);
    const before = await site.ask();
    let answered = 0;
    await site.open(count, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", (_socket, data) => {
      if (data.includes("200 OK")) answered++;
    });
    while (answered < count) await site.ask();
    // What the last request of each held is let go of within a second.
    await sleep(1_500);
    const full = await site.ask();
    expectThat(full.files >= count, `${full.files} files are open`);
    const each = (full.rss - before.rss) / count;
    const heap = (full.heap - before.heap) / count;
    expectThat(each <= (form === "long" ? 15 : 30) * KB, `each connection takes ${(each / KB).toFixed(1)} KiB`);
    const during = quantile(await site.times(400), 0.99);
    expectThat(form === "short" || during < 50, `p99 of new requests went to ${during.toFixed(1)} ms`);
    site.leave();
    const after = await site.until(({ files }) => files < before.files + 20);
    return {
      figure:
        `${count} idle connections, ${(each / KB).toFixed(1)} KiB each (heap ${(heap / KB).toFixed(1)}); ` +
        `p99 of new requests ${quiet.toFixed(1)} → ${during.toFixed(1)} ms; files ${before.files} → ${after.files}`,
    };
  });
}
