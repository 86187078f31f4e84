import { setTimeout as sleep } from "node:timers/promises";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { Site } from "./support/site.ts";

/** SIGTERM with slow requests in flight: all are answered, new connections are refused, each lifespan ends once. */
export default async function drain(form: "long" | "short"): Promise<Measured> {
  const [count, takes, workers] = form === "long" ? [200, 2000, 4] : [40, 800, 2];
  return await within(Site.serve({ workers }), async (site) => {
    const { url } = site;
    const requests = Array.from({ length: count }, () =>
      fetch(`${url}slow?${takes}`).then(
        async (response) => `${response.status} ${await response.text()}`,
        (error: Error) => String(error.cause ?? error),
      ),
    );
    await sleep(takes / 2);
    const start = performance.now();
    site.child.kill("SIGTERM");
    await sleep(150);
    expectThat(!(await site.accepts()), "a new connection was accepted after SIGTERM");
    const answers = await Promise.all(requests);
    const { code } = await site.exit;
    const seconds = (performance.now() - start) / 1000;
    const good = answers.filter((answer) => answer === "200 version 1").length;
    const bad = answers.find((answer) => answer !== "200 version 1");
    expectThat(good === count, `${count - good} of ${count} requests in flight failed: ${bad}`);
    expectThat(code === 0, `exit code ${code}`);
    const shutdowns = new Set(site.stdout.match(/shutdown of \d+/g));
    expectThat(shutdowns.size === workers, `${shutdowns.size} lifespans of ${workers} heard of the end`);
    expectThat((site.stdout.match(/shutdown of/g) ?? []).length === workers, "a lifespan heard of the end twice");
    return {
      figure: `${good} of ${count} in flight answered; exit 0 after ${seconds.toFixed(1)} s; ${workers} shutdowns`,
    };
  });
}
