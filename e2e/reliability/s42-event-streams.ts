import { once } from "node:events";
import { CrowdedSite, KB, MB, type State } from "./support/crowd.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

const REQUEST = "GET /events/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

/** Thousands of streams of events in one process: what each costs, a word to all, slow ones let go, the end. */
export default async function eventStreams(form: "long" | "short"): Promise<Measured> {
  const count = form === "long" ? 5_000 : 300;
  return await within(CrowdedSite.start({ limits: { sendTimeout: 2_000 } }), async (site) => {
    await site.times(200);

    // Some stop reading: what they are sent is not kept for them for ever, and others go on.
    const readers = 50;
    await site.open(readers, REQUEST, () => undefined);
    const sleepers = await site.open(20, REQUEST);
    for (const sleeper of sleepers) sleeper.pause();
    const before = await site.until(({ listeners }) => listeners === readers + sleepers.length);
    const large = "x".repeat(200_000);
    for (let round = 0; round < 60; round++) {
      const { listeners } = await site.ask({ broadcast: large });
      if (listeners === readers) break;
    }
    const dropped = await site.until(({ listeners }) => listeners === readers, 60);
    site.leave();
    await site.until(({ listeners }) => listeners === 0);
    await site.ask({ broadcast: "nobody hears this" });

    const fresh = await site.ask({ rest: true });
    let heard = 0;
    const everybody = Promise.withResolvers<void>();
    await site.open(count, REQUEST, (_socket, data) => {
      if (!data.includes("data: hello")) return;
      heard++;
      if (heard === count) everybody.resolve();
    });
    const full = await site.until(({ listeners }) => listeners === count, 60);
    const each = (full.rss - fresh.rss) / count;
    const heap = (full.heap - fresh.heap) / count;
    const start = performance.now();
    const state = site.ask({ broadcast: "hello" });
    await everybody.promise;
    const told = performance.now() - start;
    await state;
    expectThat(told < (form === "long" ? 1_000 : 3_000), `all were told after ${told.toFixed(0)} ms`);
    expectThat(form === "short" || each <= 30 * KB, `each stream takes ${(each / KB).toFixed(1)} KiB`);
    const idle = await allLeave(site);
    expectThat(idle.heap - fresh.heap < 8 * MB, `the heap grew from ${fresh.heap} to ${idle.heap} bytes`);

    // The C library keeps what the first thousands have given back; the next ones need no more.
    await site.open(count, REQUEST, () => undefined);
    await site.until(({ listeners }) => listeners === count, 60);
    const left = await allLeave(site);
    const memory = [fresh, full, idle, left].map(({ rss }) => (rss / MB).toFixed(0)).join(" → ");
    expectThat(form === "short" || left.rss <= idle.rss * 1.1, `memory ${memory} MiB`);

    await site.open(Math.min(count, 1_000), REQUEST);
    await site.until(({ listeners }) => listeners > 0);
    const ending = performance.now();
    site.child.send({ close: 500 });
    await once(site.child, "message");
    const ended = performance.now() - ending;
    expectThat(ended < 5_000, `the server closed after ${ended.toFixed(0)} ms`);
    return {
      figure:
        `${count} streams, ${(each / KB).toFixed(1)} KiB each (heap ${(heap / KB).toFixed(1)}); a word to all ${told.toFixed(0)} ms; ` +
        `${sleepers.length} slow ones dropped with +${((dropped.rss - before.rss) / MB).toFixed(0)} MiB; ` +
        `memory fresh, with all, without, after as many again ${memory} MiB; closed in ${ended.toFixed(0)} ms`,
    };
  });
}

async function allLeave(site: CrowdedSite): Promise<State> {
  site.leave();
  await site.until(({ listeners }) => listeners === 0, 60);
  // What waited for the next word holds on to its listener until it is said.
  await site.ask({ broadcast: "nobody hears this" });
  return site.ask({ rest: true });
}
