import { setTimeout as sleep } from "node:timers/promises";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { Site } from "./support/site.ts";

/** A second SIGTERM, or a first SIGINT or SIGQUIT, ends the server at once. */
export default async function secondSignal(form: "long" | "short"): Promise<Measured> {
  const cases: NodeJS.Signals[][] =
    form === "long"
      ? [["SIGTERM", "SIGTERM"], ["SIGTERM", "SIGINT"], ["SIGINT"], ["SIGQUIT"]]
      : [["SIGTERM", "SIGTERM"], ["SIGINT"]];
  const times: string[] = [];
  for (const signals of cases) {
    await within(Site.serve({ workers: 2 }), async (site) => {
      const hanging = site.get("/hang").catch(() => "cut");
      await sleep(200);
      const [last = "SIGTERM", first] = signals.toReversed();
      if (first !== undefined) {
        site.child.kill(first);
        await sleep(300);
      }
      const start = performance.now();
      site.child.kill(last);
      const { code } = await site.exit;
      const milliseconds = Math.round(performance.now() - start);
      expectThat(code === 0 && milliseconds < 1000, `${signals.join(" ")}: exit ${code} after ${milliseconds} ms`);
      expectThat((await hanging) === "cut", "the request in flight was answered");
      times.push(`${signals.join("+")} ${milliseconds} ms`);
    });
  }
  return { figure: times.join(", ") };
}
