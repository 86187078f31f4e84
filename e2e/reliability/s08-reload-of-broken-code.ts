import { Load } from "./support/load.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { Site } from "./support/site.ts";

/** SIGHUP after a mistake: the old workers go on, the error is told; the next good version is taken. */
export default async function reloadOfBrokenCode(form: "long" | "short"): Promise<Measured> {
  const workers = form === "long" ? 4 : 2;
  return await within(Site.serve({ workers }), async (site) => {
    const load = new Load(site, { connections: 16, pause: 10 });
    const old = await site.workers();
    await site.edit('"version 1"', '"version 2');
    site.child.kill("SIGHUP");
    await site.until(() => site.stderr.includes("The reload failed, and the workers go on with what they have"));
    expectThat((await site.get("/")).text === "version 1", "the old version is not served");
    await site.until(async () => (await site.workers()).length === workers, 10, "end the broken worker");
    expectThat(JSON.stringify(await site.workers()) === JSON.stringify(old), "an old worker was replaced");
    expectThat(/site\.ts:\d+/.test(site.stderr), `the error names no place: ${site.stderr}`);
    await site.edit('"version 2', '"version 3"');
    site.child.kill("SIGHUP");
    await site.until(() => site.stdout.includes("Reloaded: "));
    expectThat((await site.get("/")).text === "version 3", "the good version is not served");
    await load.stop();
    expectThat(
      load.failures.length === 0 && load.refused === 0,
      `${load.failures.length} failed, ${load.refused} refused`,
    );
    return { figure: `${workers} workers went on, then the good version; 0 of ${load.answered} failed` };
  });
}
