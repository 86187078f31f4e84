import type { CommandContext, CommandOutput } from "@tsjango/kernel/management";
import { type BuiltinApps, findCommand, knownCommands } from "./discovery.ts";
import { prepare } from "./prepare.ts";
import type { CommandLine } from "./terminal/global-options.ts";

/** What a command line is run with. */
export interface RunOptions {
  readonly builtinApps: BuiltinApps;
  readonly version: string;
  readonly output: CommandOutput;
  readonly cwd: string;
}

/** Runs one command line to its end; returns the exit code, throws what went wrong. */
export async function runCommandLine(line: CommandLine, options: RunOptions): Promise<number> {
  const { output, cwd } = options;
  if (line.version) {
    output.log(options.version);
    return 0;
  }
  const { overview, parseWords } = await import("./terminal/parse-words.ts");
  if (line.help || line.name === undefined) {
    const known = await knownCommands(options.builtinApps);
    const descriptions = new Map([...known].map(([name, { description }]) => [name, description]));
    output.log(overview(descriptions, options.version).trimEnd());
    return 0;
  }
  const lazy = await findCommand(line.name, options.builtinApps, cwd);
  const { default: command } = await lazy.load();
  const parsed = parseWords(line.name, command, line.words);
  if ("help" in parsed) {
    output.log(parsed.help.trimEnd());
    return 0;
  }
  const prepared = await prepare(command, cwd, output, line);
  // The prepared getters are kept, not read: a command that requires nothing may have no project.
  const context = Object.defineProperties({ ...parsed, output, cwd }, Object.getOwnPropertyDescriptors(prepared));
  return (await command.run(context as unknown as CommandContext<typeof command.options & object>)) ?? 0;
}
