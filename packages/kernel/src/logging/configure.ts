import { resolve } from "node:path";
import type { Settings } from "../conf/settings.ts";
import { applyLogging, logOutput } from "./logger.ts";
import { pinoOutput } from "./output.ts";

/** Puts the setting `logging` in force. `setup` calls it. */
export function configureLogging({ logging, debug, baseDir }: Settings): void {
  const { level, channels, handlers, file } = logging;
  const format = logging.format ?? (debug ? "pretty" : "json");
  if (file !== undefined) reopenAtSignal();
  applyLogging({
    level,
    channels: Object.entries(channels).sort(([one], [other]) => other.length - one.length),
    handlers,
    output: pinoOutput(format, file === undefined ? undefined : resolve(baseDir, file)),
  });
}

/** Opens the log's file again, after it was moved: what happens at SIGUSR1 where there is a file. */
export function reopenLogs(): void {
  logOutput().reopen();
}

function reopenAtSignal(): void {
  if (process.platform !== "win32" && !process.listeners("SIGUSR1").includes(reopenLogs)) {
    process.on("SIGUSR1", reopenLogs);
  }
}
