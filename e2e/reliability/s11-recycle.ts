import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Load } from "./support/load.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { Site } from "./support/site.ts";

/** A view that leaks: workers are replaced by memory and by requests, one at a time, and no request fails. */
export default async function recycle(form: "long" | "short"): Promise<Measured> {
  const [workers, seconds, connections] = form === "long" ? [4, 40, 16] : [2, 4, 8];
  const limit = 200 * 2 ** 20;
  const options = { maxMemory: limit, maxMemoryJitter: 40 * 2 ** 20, maxRequests: 1500, maxRequestsJitter: 500 };
  return await within(
    Site.serve({ workers, ...(form === "long" ? options : { ...options, maxRequests: 150 }) }),
    async (site) => {
      const load = new Load(site, { connections, pause: 40, paths: ["/leak?1024"], writes: 1 });
      let largest = 0;
      let fewest = workers;
      const end = performance.now() + seconds * 1000;
      while (performance.now() < end) {
        const pids = await site.workers();
        fewest = Math.min(fewest, pids.length);
        for (const pid of pids) largest = Math.max(largest, await megabytesOf(pid));
        await sleep(50);
      }
      await load.stop();
      const byMemory = (site.stdout.match(/is replaced after \d+ MB/g) ?? []).length;
      const byRequests = (site.stdout.match(/is replaced after \d+ requests/g) ?? []).length;
      expectThat(
        load.failures.length === 0,
        `${load.failures.length} failed: ${JSON.stringify(load.failures.slice(0, 3))}`,
      );
      expectThat(load.refused === 0, `${load.refused} connections were refused`);
      expectThat(fewest >= workers, `there were only ${fewest} workers`);
      expectThat(byMemory + byRequests > 0, "no worker was replaced");
      expectThat(form === "short" || byMemory > 0, "no worker was replaced for its memory");
      expectThat(largest < 700, `a worker grew to ${largest} MB`);
      return {
        figure: `${byMemory} replaced by memory (200–240 MB), ${byRequests} by requests; largest ${largest} MB after ${load.answered} requests of 1 MB; never below ${fewest} of ${workers} workers; 0 failed; ${load.check()}`,
      };
    },
  );
}

async function megabytesOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}
