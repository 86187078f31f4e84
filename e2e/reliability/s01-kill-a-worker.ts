import { setTimeout as sleep } from "node:timers/promises";
import { Load, pauseFor } from "./support/load.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { kill, Site } from "./support/site.ts";

/** A process that is killed is gone after some milliseconds; until then its connections take requests. */
const GRIP = 100;

/** A worker is killed again and again under load: only its requests in flight fail, another takes its place at once. */
export default async function killAWorker(form: "long" | "short"): Promise<Measured> {
  const [kills, every] = form === "long" ? [20, 2000] : [3, 700];
  return await within(Site.serve({ workers: 4 }), async (site) => {
    const load = new Load(site, { pause: form === "long" ? await pauseFor(site, 0.7) : 20 });
    await sleep(500);
    const moments: number[] = [];
    let slowest = 0;
    for (let round = 0; round < kills; round++) {
      const before = await site.workers();
      const victim = before[round % before.length] as number;
      moments.push(performance.now());
      kill(victim);
      await site.until(
        async () => (await site.workers()).some((pid) => !before.includes(pid)),
        10,
        "start another worker",
      );
      const [successor] = (await site.workers()).filter((pid) => !before.includes(pid));
      await site.until(() => site.stdout.includes(`Worker ${successor} serves.`), 10, "let it accept");
      slowest = Math.max(slowest, performance.now() - (moments.at(-1) as number));
      const asked = () => Promise.all(Array.from({ length: 4 }, () => site.get("/pid")));
      await site.until(
        async () => (await asked()).some(({ text }) => text === String(successor)),
        10,
        "have it answer",
      );
      await sleep(every);
    }
    await load.stop();
    const strays = load.failures.filter(
      ({ sent, at }) => !moments.some((moment) => sent <= moment + GRIP && moment <= at + 5),
    );
    expectThat(
      strays.length === 0,
      `${strays.length} failed without being in flight: ${JSON.stringify(strays.slice(0, 3))}`,
    );
    expectThat(load.refused === 0, `${load.refused} connections were refused`);
    expectThat(form === "short" || slowest < 1000, `a new worker accepted after ${Math.round(slowest)} ms`);
    const ledger = load.check();
    return {
      figure: `${kills} kills, ${load.answered} answered, ${load.failures.length} cut in flight, ${ledger}; a new worker accepts after at most ${Math.round(slowest)} ms`,
    };
  });
}
