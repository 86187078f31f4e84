import { Load } from "./support/load.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { alive, Site } from "./support/site.ts";

/** The supervisor is killed: its workers finish their requests and end, and the address is free for the next one. */
export default async function killTheSupervisor(form: "long" | "short"): Promise<Measured> {
  return await within(Site.serve({ workers: form === "long" ? 4 : 2 }), async (site) => {
    const workers = await site.workers();
    const { port, url } = site;
    const slow = Promise.all(
      Array.from({ length: 20 }, () => fetch(`${url}slow?1000`).then((response) => response.status)),
    );
    const load = new Load(site, { pause: 5, connections: 16 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const start = performance.now();
    site.child.kill("SIGKILL");
    await site.until(async () => !(await site.accepts()), 5, "stop accepting");
    const free = performance.now() - start;
    await load.stop();
    // The old workers still finish their requests.
    return await within(Site.serve({ workers: 1, bind: [`127.0.0.1:${port}`] }), async (next) => {
      expectThat((await next.get("/")).status === 200, "the next server does not answer at the address");
      const statuses = await slow;
      expectThat(
        statuses.every((status) => status === 200),
        `requests in flight were answered ${statuses.join(", ")}`,
      );
      await site.until(() => !workers.some(alive), 35, "end its workers");
      const gone = performance.now() - start;
      return {
        figure: `address free after ${Math.round(free)} ms and taken anew; 20 requests in flight finished; workers gone after ${Math.round(gone)} ms; ${load.check()}`,
      };
    });
  });
}
