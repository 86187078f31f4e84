import { setTimeout as sleep } from "node:timers/promises";
import { LoadedSite } from "../../packages/server/tests/support/load.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

const MB = 1024 * 1024;
/** Uploads at once: as streams, and as files of forms that go to disk. */
const KINDS = [false, true, false, true];

/**
 * Large uploads, four at once, as fast as they go and at 1 MB a second each: all bytes come, memory stays flat, and
 * nothing is left on disk, also of those that break off.
 */
export default async function uploads(form: "long" | "short"): Promise<Measured> {
  const [size, slowSize] = form === "long" ? [1024 * MB, 48 * MB] : [16 * MB, 2 * MB];
  return await within(LoadedSite.start(MB), async (site) => {
    // What any uploads take at first, such as room for short-lived objects.
    await Promise.all(KINDS.map((asForm) => site.upload(size / 16, asForm)));
    const before = (await site.holding()).rss;
    const round = async (bytes: number, rate: number) => {
      const start = performance.now();
      const results = await Promise.all(KINDS.map((asForm) => site.upload(bytes, asForm, rate)));
      const seconds = (performance.now() - start) / 1000;
      const grown = (Math.max(...results.map(({ peak }) => peak)) - before) / MB;
      for (const { whole, answer } of results) expectThat(whole, `an upload was answered with ${answer}`);
      expectThat(grown <= 64, `memory grew by ${grown.toFixed(0)} MiB`);
      return `4 × ${bytes / MB} MiB at once in ${seconds.toFixed(1)} s, memory +${grown.toFixed(0)} MiB`;
    };
    const fast = await round(size, Number.POSITIVE_INFINITY);
    const slow = await round(slowSize, MB);
    await Promise.all(KINDS.map((asForm) => site.uploadHalf(size / 2, asForm)));
    await site.leave(form === "long" ? 600 : 60);
    let left = await site.temporaryFiles();
    for (let wait = 0; wait < 100 && left.length > 0; wait++) {
      await sleep(50);
      left = await site.temporaryFiles();
    }
    expectThat(left.length === 0, `${left.length} files are left: ${left}`);
    const { views } = await site.holding();
    return {
      figure: `${fast}; at 1 MB/s each ${slow}; all bytes equal; nothing left of those that broke off (${views} views)`,
    };
  });
}
