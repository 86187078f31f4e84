import { setTimeout as sleep } from "node:timers/promises";
import { Load } from "./support/load.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { Site } from "./support/site.ts";

/** SIGTTIN and SIGTTOU from one worker to eight and back, under load: no request fails. */
export default async function scale(form: "long" | "short"): Promise<Measured> {
  const most = form === "long" ? 8 : 2;
  return await within(Site.serve({ workers: 1 }), async (site) => {
    const load = new Load(site, { connections: 32, pause: 10, paths: ["/", "/stream", "/slow?200"] });
    const change = async (signal: NodeJS.Signals, count: number) => {
      site.child.kill(signal);
      await site.until(async () => (await site.workers()).length === count, 40, `come to ${count} workers`);
      await sleep(200);
    };
    for (let count = 2; count <= most; count++) await change("SIGTTIN", count);
    for (let count = most - 1; count >= 1; count--) await change("SIGTTOU", count);
    site.child.kill("SIGTTOU");
    await sleep(300);
    expectThat((await site.workers()).length === 1, "the last worker left");
    await load.stop();
    expectThat(
      load.failures.length === 0,
      `${load.failures.length} failed: ${JSON.stringify(load.failures.slice(0, 3))}`,
    );
    expectThat(load.refused === 0, `${load.refused} connections were refused`);
    return { figure: `1 → ${most} → 1 workers, 0 of ${load.answered} failed; ${load.check()}` };
  });
}
