import { Agent, request as httpRequest } from "node:http";
import { CrowdedSite } from "./support/crowd.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** Thousands of requests at once, each for a user of its own: none sees another's, across timers and promises. */
export default async function contexts(form: "long" | "short"): Promise<Measured> {
  const count = form === "long" ? 10_000 : 500;
  return await within(CrowdedSite.start(), async (site) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });
    const ask = (user: string) =>
      new Promise<{ name: string; strangers: string[] }>((resolve, reject) => {
        const path = `/who/?user=${user}`;
        httpRequest({ port: site.port, host: "127.0.0.1", path, agent }, async (response) => {
          let text = "";
          for await (const chunk of response) text += chunk;
          resolve(JSON.parse(text));
        })
          .on("error", reject)
          .end();
      });
    await Promise.all(Array.from({ length: 500 }, (_, index) => ask(`warm-${index}`)));
    const before = await site.ask();
    const answers = await Promise.all(Array.from({ length: count }, (_, index) => ask(`user-${index}`)));
    agent.destroy();
    const wrong = answers.filter(({ name, strangers }, index) => name !== `user-${index}` || strangers.length > 0);
    expectThat(wrong.length === 0, `${wrong.length} saw another: ${JSON.stringify(wrong[0])}`);
    const after = await site.until(({ files }) => files < before.files + 20 || files < 40);
    const growth = (after.heap - before.heap) / 1024 / 1024;
    expectThat(growth < 10, `the heap grew by ${growth.toFixed(1)} MiB`);
    return {
      figure: `${count} requests at once, 6 looks each: 0 saw another; heap ${growth >= 0 ? "+" : ""}${growth.toFixed(1)} MiB`,
    };
  });
}
