import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { Site } from "./support/site.ts";

/** A worker whose heap is full ends alone, its end is told, and another takes its place. */
export default async function heapFull(): Promise<Measured> {
  return await within(Site.serve({ workers: 2 }, ["--max-old-space-size=48"]), async (site) => {
    const before = await site.workers();
    const start = performance.now();
    const filling = site.get("/fill").catch(() => "cut");
    await site.until(
      () => /Worker \d+ ended with SIGABRT, as Node does where its memory is full/.test(site.stderr),
      60,
    );
    const died = performance.now() - start;
    expectThat((await filling) === "cut", "the request that filled the heap was answered");
    expectThat((await site.get("/")).status === 200, "the other worker does not answer");
    await site.until(async () => (await site.workers()).length === 2, 20, "start another worker");
    const stayed = (await site.workers()).filter((pid) => before.includes(pid)).length;
    expectThat(stayed === 1, `${stayed} of 2 workers stayed`);
    expectThat(site.stderr.includes("heap limit"), "Node's own words about its heap are not in the log");
    return {
      figure: `one worker of 2 ended after ${Math.round(died)} ms with a full heap of 48 MB, replaced; the other went on`,
    };
  });
}
