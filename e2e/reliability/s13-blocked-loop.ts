import { setTimeout as sleep } from "node:timers/promises";
import { Load, quantile } from "./support/load.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { Site } from "./support/site.ts";

/** A view that loops: its worker is found and killed in time, the log shows where it was, the other serves on. */
export default async function blockedLoop(form: "long" | "short"): Promise<Measured> {
  const [timeout, workers, connections] = form === "long" ? [3, 4, 16] : [1, 2, 4];
  return await within(Site.serve({ workers, timeout }), async (site) => {
    const quiet = new Load(site, { connections, pause: 20, writes: 0 });
    await sleep(timeout * 1000);
    await quiet.stop();
    const start = performance.now();
    const blocked = site.get("/block?30000").catch(() => performance.now() - start);
    await sleep(50);
    const load = new Load(site, { connections, pause: 20, writes: 0 });
    const cut = await blocked;
    expectThat(typeof cut === "number", `the request was answered: ${JSON.stringify(cut)}`);
    const seconds = (cut as number) / 1000;
    await site.until(async () => (await site.workers()).length === workers, 20, "start another worker");
    await load.stop();
    expectThat(seconds > timeout && seconds < timeout + 2, `it was cut after ${seconds.toFixed(2)} s`);
    const told = Number(/has been blocked for ([\d.]+) s/.exec(site.stderr)?.[1]);
    expectThat(told < timeout + 1, `it was found after ${told} s`);
    expectThat(/at blockTheLoop \(.*site\.ts:\d+:\d+\)/.test(site.stderr), `the log shows no stack: ${site.stderr}`);
    expectThat(site.stderr.includes("Requests in flight: GET /block"), `the log names no request: ${site.stderr}`);
    // Those that the blocked worker had accepted are cut with it.
    const strays = load.failures.filter(({ sent }) => sent > start + (cut as number));
    expectThat(strays.length === 0, `${strays.length} requests failed after the worker was killed`);
    const [before, during] = [quantile(quiet.times, 0.99), quantile(load.times, 0.99)].map((time) => time.toFixed(0));
    return {
      figure: `found after ${told} s and cut after ${seconds.toFixed(2)} s (timeout ${timeout} s), with its stack; p99 of the others ${before} → ${during} ms; ${load.failures.length} cut with the worker`,
    };
  });
}
