import { parseArgs } from "node:util";
import type { Command } from "@tsjango/kernel/management";
import { ScaffoldError } from "../scaffold/scaffold-error.ts";
import { startProject } from "../scaffold/start-project.ts";

const USAGE = `Usage: tsjango startproject <name> [directory] [options]

Makes a new project and installs what it needs.

Arguments:
  name          lower-case letters, digits and "_"
  directory     where; default: a directory of the project's name

Options:
  --example     with a small bookshop to look at
  --no-install  only write the files
  -h, --help    show this
`;

const OPTIONS = {
  example: { type: "boolean" },
  "no-install": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/**
 * `tsjango startproject`, without commander or anything else that must be installed or needs a new Node.
 * @param words The words after `startproject`.
 * @returns The exit code.
 */
export async function main(words: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parse(words);
    if (values.help === true) {
      console.log(USAGE.trimEnd());
      return 0;
    }
    const [name, directory, ...rest] = positionals;
    if (name === undefined) throw usage("It needs a name for the project.");
    if (rest.length > 0) throw usage(`There is nothing to do with "${rest.join(" ")}".`);
    await startProject({
      name,
      directory,
      example: values.example === true,
      install: values["no-install"] !== true,
      cwd: process.cwd(),
      userAgent: process.env["npm_config_user_agent"],
      log: (line) => console.log(line),
    });
    return 0;
  } catch (error) {
    if (!(error instanceof ScaffoldError)) throw error;
    console.error(error.message);
    return error.exitCode;
  }
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw usage(`${(error as Error).message.split(". ")[0]}.`);
  }
}

function usage(message: string): ScaffoldError {
  return new ScaffoldError(`${message}\n\n${USAGE.trimEnd()}`, 2);
}

const command: Command = {
  name: "startproject",
  description: "Makes a new project.",
  arguments: [{ name: "[words...]", description: "the name, the directory and options" }],
  passThrough: true,
  requires: "nothing",
  run: ({ args }) => main(args),
};
export default command;
