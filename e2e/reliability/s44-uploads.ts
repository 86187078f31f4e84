import { LoadedSite } from "../../packages/server/tests/support/load.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

const MB = 1024 * 1024;

/** Large uploads, as streams and to disk, four at once: memory stays flat and nothing is left on disk, also of those that break off. */
export default async function uploads(form: "long" | "short"): Promise<Measured> {
  const size = form === "long" ? 1024 * MB : 16 * MB;
  await using site = await LoadedSite.start(MB);
  await site.upload(8 * MB, true);
  const before = (await site.holding()).rss;
  const start = performance.now();
  const results = await Promise.all([false, true, false, true].map((asForm) => site.upload(size, asForm)));
  const seconds = (performance.now() - start) / 1000;
  const peak = Math.max(...results.map((result) => result.peak)) - before;
  for (const { answer } of results) expectThat(answer === String(size), `an upload was answered with ${answer}`);
  expectThat(peak < 160 * MB, `memory grew by ${(peak / MB).toFixed(0)} MiB`);
  await site.leave(form === "long" ? 600 : 60);
  const { left } = await site.upload(MB, true);
  expectThat(left.length === 0, `${left.length} files are left`);
  return {
    figure: `4 × ${size / MB} MiB at once in ${seconds.toFixed(1)} s, memory +${(peak / MB).toFixed(0)} MiB; nothing left of uploads that broke off`,
  };
}
