import type { Settings } from "@tsjango/kernel/conf";
import { configureLogging, logger } from "@tsjango/kernel/logging";
import type { CommandOutput } from "@tsjango/kernel/management";
import type { ServeOutput } from "@tsjango/server";

/** Where the lines of `serve` go: to people as they are, else into the log, as everything else that the site says. */
export function serverOutput(settings: Settings, output: CommandOutput): ServeOutput {
  if (process.stdout.isTTY) return { log: output.log, error: output.error };
  configureLogging(settings);
  const log = logger("tsjango.server");
  return {
    log: (line) => log.info(line),
    error(text) {
      const end = text.indexOf("\n");
      if (end < 0) log.error(text);
      else log.error({ error: stackOf(text) }, text.slice(0, end));
    },
  };
}

/** What was thrown in another process, as it told of it: the rest of the text is where. */
function stackOf(text: string): Error {
  const end = text.indexOf("\n");
  return Object.assign(new Error(text.slice(0, end)), { stack: text.slice(end + 1) });
}
