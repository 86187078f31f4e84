import { resolve } from "node:path";
import type { BuiltinApps } from "./discovery.ts";
import { runCommandLine } from "./run-command.ts";
import { failure } from "./terminal/failure.ts";
import { readGlobalOptions } from "./terminal/global-options.ts";
import { recordingOutput } from "./terminal/output.ts";
import { version } from "./version.ts";

/** What a called command did. */
export interface CalledCommand {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command in this process and gives what it wrote, for tests. What apps opened stays open.
 * @example
 * const { stdout } = await callCommand("check", ["--deploy"]);
 */
export async function callCommand(
  name: string,
  words: readonly string[] = [],
  options: { builtinApps?: BuiltinApps; cwd?: string } = {},
): Promise<CalledCommand> {
  const { output, stdout, stderr } = recordingOutput();
  const cwd = resolve(options.cwd ?? process.cwd());
  let exitCode: number;
  try {
    const line = readGlobalOptions([name, ...words]);
    exitCode = await runCommandLine(line, { builtinApps: options.builtinApps ?? [], version: version(), output, cwd });
  } catch (error) {
    const failed = failure(error, { traceback: false });
    output.error(failed.text);
    exitCode = failed.exitCode;
  }
  return { exitCode, stdout: stdout(), stderr: stderr() };
}
