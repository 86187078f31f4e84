import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { LoadedSite } from "../../packages/server/tests/support/load.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

const MB = 1024 * 1024;
const REQUEST = "GET /file/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";

/** Slow readers of a large file, who leave in the middle: what each costs, and that no file stays open. */
export default async function slowDownloads(form: "long" | "short"): Promise<Measured> {
  const [size, readers, seconds] = form === "long" ? [1024 * MB, 50, 30] : [32 * MB, 5, 2];
  return await within(LoadedSite.start(size), async (site) => {
    await site.download(0, size);
    const before = await site.holding();
    const end = performance.now() + seconds * 1000;
    const read = async () => {
      const socket = connect(site.port, "127.0.0.1").on("error", () => undefined);
      socket.write(REQUEST);
      let received = 0;
      // 100 kB a second.
      while (performance.now() < end) {
        const chunk = socket.read() as Buffer | null;
        received += chunk?.length ?? 0;
        await sleep(chunk === null ? 100 : chunk.length / 100);
      }
      socket.destroy();
      return received;
    };
    const reading = Promise.all(Array.from({ length: readers }, read));
    let { rss, files } = before;
    while (performance.now() < end) {
      const now = await site.holding();
      rss = Math.max(rss, now.rss);
      files = Math.max(files, now.files);
      await sleep(500);
    }
    const received = (await reading).reduce((sum, each) => sum + each, 0);
    const each = (rss - before.rss) / readers;
    expectThat(files >= before.files + readers, `only ${files - before.files} files were open`);
    expectThat(each < 2 * MB, `each reader takes ${(each / MB).toFixed(2)} MiB`);
    let after = await site.holding();
    for (let round = 0; round < 50 && after.files > before.files; round++) after = await site.holding();
    expectThat(after.files <= before.files, `files ${before.files} → ${after.files}`);
    return {
      figure: `${readers} readers of ${size / MB} MiB took ${(received / MB).toFixed(0)} MiB in ${seconds} s and left: ${(each / MB).toFixed(2)} MiB each; files ${before.files} → ${files} → ${after.files}`,
    };
  });
}
