import { setTimeout as sleep } from "node:timers/promises";
import { Load } from "./support/load.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { Site } from "./support/site.ts";

/** A processor that is busy with many short requests is no blocked event loop. */
export default async function busyIsNotBlocked(form: "long" | "short"): Promise<Measured> {
  const seconds = form === "long" ? 20 : 3;
  return await within(Site.serve({ workers: 2, timeout: 2 }), async (site) => {
    const load = new Load(site, { connections: 64, paths: ["/spin?5"], writes: 0 });
    await sleep(seconds * 1000);
    await load.stop();
    expectThat(!site.stderr.includes("has been blocked"), site.stderr);
    expectThat(load.failures.length === 0, `${load.failures.length} failed`);
    return {
      figure: `${load.answered} requests of 5 ms in ${seconds} s of 100 % CPU with a timeout of 2 s: 0 killed, 0 failed`,
    };
  });
}
