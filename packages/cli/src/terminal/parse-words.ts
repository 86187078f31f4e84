import { UsageError } from "@tsjango/kernel/exceptions";
import type { Command, CommandOption } from "@tsjango/kernel/management";
import { Command as Commander, CommanderError, Option } from "commander";

/** A command's words taken apart; or a text that was asked for instead (`--help`). */
export type ParsedWords =
  | { readonly help: string }
  | { readonly args: readonly string[]; readonly options: Readonly<Record<string, unknown>> };

/** Makes commander throw its complaints as `UsageError`, with the help kept as text. */
function quiet(commander: Commander, written: { text: string }): Commander {
  return commander
    .exitOverride()
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => {
        written.text += text;
      },
      writeErr: () => undefined,
    });
}

function describe(name: string, command: Command, written: { text: string }): Commander {
  const commander = quiet(new Commander(`tsjango ${name}`), written).description(command.description);
  for (const argument of command.arguments ?? []) commander.argument(argument.name, argument.description);
  for (const option of Object.values(command.options ?? {})) commander.addOption(optionOf(option));
  if (command.passThrough === true) commander.allowUnknownOption().allowExcessArguments();
  return commander;
}

function optionOf({ flags, description, default: value, parse }: CommandOption): Option {
  const option = new Option(flags, description);
  if (value !== undefined) option.default(value);
  if (parse !== undefined) option.argParser((text, previous) => parse(text, previous));
  return option;
}

/** Reads the words after a command's name. Throws `UsageError` for what the command does not know. */
export function parseWords(name: string, command: Command, words: readonly string[]): ParsedWords {
  const written = { text: "" };
  const commander = describe(name, command, written);
  try {
    commander.parse([...words], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { help: written.text };
    const complaint = error.message.replace(/^error: /, "").replace(/^./, (first) => first.toUpperCase());
    throw new UsageError(`${complaint}\nSee "tsjango ${name} --help".`, { cause: error });
  }
  const values = commander.opts();
  const options = Object.entries(command.options ?? {}).map(([key, option]) => [key, readOption(option, values)]);
  return { args: commander.args, options: Object.fromEntries(options) };
}

function readOption(option: CommandOption, values: Readonly<Record<string, unknown>>): unknown {
  const made = optionOf(option);
  const value = values[made.attributeName()];
  if (made.negate) return value === false;
  return made.isBoolean() ? value === true : value;
}

/** The list of commands, for `tsjango --help`. */
export function overview(commands: ReadonlyMap<string, string>, version: string): string {
  const commander = new Commander("tsjango")
    .helpCommand(false)
    .usage("[options] <command> [arguments]")
    .description("Django for TypeScript.")
    .version(version, "-v, --version", "print the version")
    .option("--settings <file>", "the settings module (default: TSJANGO_SETTINGS, or the one package.json names)")
    .option("--traceback", "print the stack of every error")
    .option("--no-color", "no colours")
    .option("--force-color", "colours also where there is no terminal")
    .option("--skip-checks", "no system checks before the command");
  for (const [name, description] of commands) commander.command(name).description(description).helpOption(false);
  return `${commander.helpInformation()}
"tsjango <command> --help" explains a command. Commands of a project's own apps run in its directory.
`;
}
