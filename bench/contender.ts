import { cpuOfChildren } from "./children.ts";
import type { Contender } from "./harness.ts";

/** The process of one contender: starts the module named on the command line and does what the harness asks. */
const starting: Promise<Contender> = import(process.argv[2] as string).then((module) => module.start());

async function answer(question: { start?: true; run?: number; usage?: true; stop?: true }): Promise<object> {
  const contender = await starting;
  if (question.start) return { url: contender.url, version: contender.version };
  if (question.run !== undefined) {
    if (contender.run === undefined) throw new Error("it has nothing to run");
    await contender.run(question.run);
  }
  if (question.stop) {
    await contender.stop();
    process.disconnect?.();
  }
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1000 + cpuOfChildren(), rss: process.memoryUsage.rss() };
}

process.on("message", async (question: object) => {
  const reply = await answer(question).catch((error: unknown) => ({ error: String((error as Error).stack ?? error) }));
  if (process.connected) process.send?.(reply);
});
