import { setTimeout as sleep } from "node:timers/promises";
import { Load, pauseFor } from "./support/load.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { kill, Site } from "./support/site.ts";

/** All workers are killed at once: the socket stays, connections wait on it, and are answered by the next workers. */
export default async function killAllWorkers(form: "long" | "short"): Promise<Measured> {
  const rounds = form === "long" ? 5 : 1;
  return await within(Site.serve({ workers: form === "long" ? 4 : 2 }), async (site) => {
    const load = new Load(site, { pause: form === "long" ? await pauseFor(site, 0.7) : 20 });
    let slowest = 0;
    for (let round = 0; round < rounds; round++) {
      await sleep(1200);
      for (const pid of await site.workers()) kill(pid);
      const start = performance.now();
      const { status } = await site.get("/");
      slowest = Math.max(slowest, performance.now() - start);
      expectThat(status === 200, `answered ${status} after all workers were killed`);
    }
    await load.stop();
    expectThat(load.refused === 0, `${load.refused} connections were refused`);
    expectThat(form === "short" || slowest < 2000, `the next answer came after ${Math.round(slowest)} ms`);
    expectThat(site.child.exitCode === null, "the supervisor ended");
    return {
      figure: `${rounds} times all workers; the next answer after at most ${Math.round(slowest)} ms; ${load.refused} connections refused; ${load.check()}`,
    };
  });
}
