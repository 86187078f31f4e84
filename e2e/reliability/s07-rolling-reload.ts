import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Load } from "./support/load.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { Site } from "./support/site.ts";

/** SIGHUP again and again under load: no request fails, new code is seen soon, the supervisor does not grow. */
export default async function rollingReload(form: "long" | "short"): Promise<Measured> {
  const [reloads, least] = form === "long" ? [50, 100_000] : [2, 200];
  return await within(Site.serve({ workers: form === "long" ? 4 : 2 }), async (site) => {
    const load = new Load(site, form === "long" ? { pipelining: 8 } : { connections: 16, pipelining: 4, pause: 20 });
    await sleep(500);
    const before = await holding(site.pid);
    let slowest = 0;
    for (let round = 1; round <= reloads || load.answered < least; round++) {
      await site.edit(`"version ${round}"`, `"version ${round + 1}"`);
      const start = performance.now();
      site.child.kill("SIGHUP");
      await site.until(async () => (await site.get("/")).text === `version ${round + 1}`, 20, "serve the new code");
      slowest = Math.max(slowest, performance.now() - start);
      await site.until(() => (site.stdout.match(/Reloaded: /g) ?? []).length === round, 60, "finish the reload");
    }
    await sleep(500);
    const after = await holding(site.pid);
    await load.stop();
    expectThat(
      load.failures.length === 0,
      `${load.failures.length} failed: ${JSON.stringify(load.failures.slice(0, 3))}`,
    );
    expectThat(load.refused === 0, `${load.refused} connections were refused`);
    expectThat(slowest < 5000 || form === "short", `new code was seen after ${Math.round(slowest)} ms`);
    expectThat(
      after.files <= before.files + 12,
      `the supervisor had ${before.files} files open, and now ${after.files}`,
    );
    expectThat(
      after.megabytes < before.megabytes + 40,
      `the supervisor grew from ${before.megabytes} to ${after.megabytes} MB`,
    );
    const done = (site.stdout.match(/Reloaded: /g) ?? []).length;
    return {
      figure: `${done} reloads, 0 of ${load.answered} failed; new code after at most ${Math.round(slowest)} ms; supervisor ${before.files} → ${after.files} files, ${before.megabytes} → ${after.megabytes} MB; ${load.check()}`,
    };
  });
}

async function holding(pid: number): Promise<{ files: number; megabytes: number }> {
  const files = (await readdir(`/proc/${pid}/fd`)).length;
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return { files, megabytes: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024) };
}
