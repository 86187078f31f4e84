import { LoadedSite } from "../../packages/server/tests/support/load.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

const MB = 1024 * 1024;

/** Slow readers of a large file, and some that leave: what each costs, and that no file stays open. */
export default async function slowDownloads(form: "long" | "short"): Promise<Measured> {
  const [size, readers, time] = form === "long" ? [64 * MB, 50, 40_000] : [8 * MB, 5, 1_500];
  await using site = await LoadedSite.start(size);
  await site.download(0, size);
  await site.leave(12);
  const before = await site.holding();
  const downloads = await Promise.all(Array.from({ length: readers }, () => site.download(time, size)));
  const peak = Math.max(...downloads.map((download) => download.peak));
  const each = (peak - before.rss) / readers;
  for (const { received } of downloads) expectThat(received > size, `${received} bytes came`);
  expectThat(each < 2 * MB * (form === "long" ? 1 : 8), `each reader takes ${(each / MB).toFixed(2)} MiB`);
  await site.leave(60);
  let after = await site.holding();
  for (let round = 0; round < 50 && after.files > before.files; round++) after = await site.holding();
  expectThat(after.files <= before.files, `files ${before.files} → ${after.files}`);
  return {
    figure: `${readers} readers of ${size / MB} MiB in ${time / 1000} s, ${(each / MB).toFixed(2)} MiB each; files ${before.files} → ${after.files} after some left`,
  };
}
