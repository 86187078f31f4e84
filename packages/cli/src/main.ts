import { resolve } from "node:path";
import type { BuiltinApps } from "./discovery.ts";
import { runCommandLine } from "./run-command.ts";
import { failure } from "./terminal/failure.ts";
import { type CommandLine, readGlobalOptions } from "./terminal/global-options.ts";
import { endWithReader, terminalOutput } from "./terminal/output.ts";
import { version as ownVersion } from "./version.ts";

/** What the `tsjango` package tells the command line. */
export interface MainOptions {
  /** The apps whose commands are always there. A function is called only when a command is looked for in them. */
  readonly builtinApps: BuiltinApps;
  /** Default: the version of this package. */
  readonly version?: string;
}

/**
 * The `tsjango` command. Sets `process.exitCode` and lets the process end by itself.
 * @param argv The words after `tsjango`: `process.argv.slice(2)`.
 */
export async function main(argv: readonly string[], options: MainOptions): Promise<void> {
  endWithReader();
  exitOnSignals();
  const output = terminalOutput();
  let line: CommandLine | undefined;
  try {
    line = readGlobalOptions(argv);
    applyGlobalOptions(line);
    const version = options.version ?? ownVersion();
    process.exitCode = await runCommandLine(line, { ...options, version, output, cwd: process.cwd() });
  } catch (error) {
    const { text, exitCode } = failure(error, { traceback: line?.traceback ?? argv.includes("--traceback") });
    output.error(output.style("red", text));
    process.exitCode = exitCode;
  } finally {
    await closeApps(output.error);
  }
}

/** Child processes see them too: as environment variables. */
function applyGlobalOptions(line: CommandLine): void {
  if (line.settings !== undefined) process.env["TSJANGO_SETTINGS"] = resolve(line.settings);
  if (line.noColor) {
    process.env["NO_COLOR"] = "1";
    delete process.env["FORCE_COLOR"];
  } else if (line.forceColor) {
    process.env["FORCE_COLOR"] = "1";
    delete process.env["NO_COLOR"];
  }
}

/** Closes what the apps opened (databases, timers), so that the process can end. */
async function closeApps(report: (line: string) => void): Promise<void> {
  const { tearDown } = await import("@tsjango/kernel/apps");
  try {
    await tearDown();
  } catch (error) {
    report(failure(error, { traceback: true }).text);
    process.exitCode = 1;
  }
}

/** 130 and 143, as shells expect; a command with a listener of its own decides for itself. */
function exitOnSignals(): void {
  for (const [signal, exitCode] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    const listener = () => {
      if (process.listenerCount(signal) === 1) process.exit(exitCode);
    };
    process.on(signal, listener);
  }
}
