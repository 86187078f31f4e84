import { DEFAULT_SETTINGS, supervise } from "@tsjango/server";
import type { Contender } from "../harness.ts";

/** `serve` with a number of workers. */
export async function serve(workers: number): Promise<Contender> {
  const serving = Promise.withResolvers<string>();
  const options = {
    ...DEFAULT_SETTINGS,
    application: "./application.ts:application",
    cwd: import.meta.dirname,
    configFile: undefined,
    bind: ["127.0.0.1:0"],
    accessLog: false,
    workers,
  };
  const ended = supervise(options, {
    log: (line) => {
      const url = /Serving .* at (http:\S+)\//.exec(line)?.[1];
      if (url !== undefined) serving.resolve(url);
    },
    error: (line) => console.error(line),
  });
  return {
    url: await serving.promise,
    version: `${workers}`,
    async stop() {
      process.kill(process.pid, "SIGINT");
      await ended;
    },
  };
}
