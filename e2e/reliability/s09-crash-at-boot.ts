import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { Site } from "./support/site.ts";

/** An application that throws at its import: five tries with growing delays, the cause once, exit code 3. */
export default async function crashAtBoot(): Promise<Measured> {
  const start = performance.now();
  return await within(
    Site.start({ workers: 4 }, (source) => `throw new Error("no database today");\n${source}`),
    async (site) => {
      const { code } = await site.exit;
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      const attempts = (site.stderr.match(/failed to boot/g) ?? []).length;
      const causes = (site.stderr.match(/no database today/g) ?? []).length;
      const delays = [...site.stderr.matchAll(/starts in (\d+) ms/g)].map(([, delay]) => Number(delay));
      expectThat(code === 3, `exit code ${code}`);
      expectThat(attempts === 5, `${attempts} attempts`);
      // In its message and in its stack.
      expectThat(causes === 2, `the cause is told ${causes} times`);
      expectThat(delays.join() === "100,200,400,800", `delays of ${delays.join(", ")} ms`);
      return { figure: `${attempts} processes in ${seconds} s, delays ${delays.join(", ")} ms, exit 3` };
    },
  );
}
