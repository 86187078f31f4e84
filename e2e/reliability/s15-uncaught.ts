import { setTimeout as sleep } from "node:timers/promises";
import { Load } from "./support/load.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { Site } from "./support/site.ts";

/** What is thrown past the application: it is logged with what was being answered, its worker finishes and is replaced. */
export default async function uncaught(form: "long" | "short"): Promise<Measured> {
  const workers = form === "long" ? 4 : 2;
  return await within(Site.serve({ workers }), async (site) => {
    const load = new Load(site, { connections: 16, pause: 10, paths: ["/", "/slow?300"] });
    await sleep(500);
    for (const [path, words, message] of [
      ["/throw", "Uncaught exception", "thrown in a timer"],
      ["/reject", "Unhandled rejection", "nobody catches this"],
    ] as const) {
      const before = await site.workers();
      expectThat((await site.get(path)).status === 200, `${path} was not answered`);
      await site.until(() => new RegExp(`${words} in worker \\d+`).test(site.stderr), 10, "log it");
      await site.until(() => site.stderr.includes(message), 10, "log the error");
      const gone = async () => before.filter((pid) => !pids.includes(pid)).length;
      let pids: number[] = before;
      await site.until(
        async () => {
          pids = await site.workers();
          return pids.length === workers && (await gone()) === 1;
        },
        20,
        "replace the worker",
      );
    }
    await load.stop();
    expectThat(
      load.failures.length === 0,
      `${load.failures.length} failed: ${JSON.stringify(load.failures.slice(0, 3))}`,
    );
    expectThat(/, while it answered .*GET \/slow/.test(site.stderr), `the log names no request: ${site.stderr}`);
    return {
      figure: `an exception and a rejection: 2 workers of ${workers} replaced, 0 of ${load.answered} failed; ${load.check()}`,
    };
  });
}
