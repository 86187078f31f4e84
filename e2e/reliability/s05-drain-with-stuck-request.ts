import { setTimeout as sleep } from "node:timers/promises";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { Site } from "./support/site.ts";

/** SIGTERM with a request that never ends: it is cut when its time is over, and the log names it. */
export default async function drainWithStuckRequest(form: "long" | "short"): Promise<Measured> {
  const grace = form === "long" ? 5 : 1;
  return await within(Site.serve({ workers: 1, gracefulTimeout: grace }), async (site) => {
    const hanging = site.get("/hang?secret").then(
      ({ status }) => `status ${status}`,
      () => "cut",
    );
    await sleep(300);
    const start = performance.now();
    site.child.kill("SIGTERM");
    const answer = await hanging;
    const { code } = await site.exit;
    const seconds = (performance.now() - start) / 1000;
    expectThat(answer === "cut", `the request that hangs got ${answer}`);
    expectThat(code === 0 && seconds < grace + 2, `exit ${code} after ${seconds.toFixed(1)} s`);
    expectThat(
      /cuts requests that did not finish in \d+ s: GET \/hang \(/.test(site.stderr),
      `the log: ${site.stderr}`,
    );
    return { figure: `exit 0 after ${seconds.toFixed(1)} s of ${grace} s; the log names GET /hang` };
  });
}
