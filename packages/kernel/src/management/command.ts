import type { Project } from "../conf/project.ts";
import type { Settings } from "../conf/settings.ts";

/** An option of a command. Without `<value>` or `[value]` in its flags it is a boolean. */
export interface CommandOption<T = unknown> {
  /** As they are typed and shown: `"-w, --workers <count>"`, `"--dry-run"`. */
  readonly flags: string;
  readonly description: string;
  readonly default?: T;
  /**
   * Turns what was typed into the value; throws `UsageError` with what was expected. An option that is given again gets
   * its value so far as `previous`.
   */
  parse?(text: string, previous?: T): T;
}

/** An argument of a command: `"name"`. */
export interface CommandArgument {
  /** `"<name>"` required, `"[app]"` optional, `"[labels...]"` any number. */
  readonly name: string;
  readonly description: string;
}

/** The value of an option, as a command reads it. */
export type OptionValue<O> = O extends { readonly parse: (text: string) => infer T }
  ? O extends { readonly default: unknown }
    ? T
    : T | undefined
  : O extends { readonly flags: `${string}<${string}` | `${string}[${string}` }
    ? O extends { readonly default: unknown }
      ? string
      : string | undefined
    : boolean;

/** Where a command writes. Without a colour-capable terminal, `style` returns texts unchanged. */
export interface CommandOutput {
  /** A line of the answer, to standard output. */
  log(line?: string): void;
  /** A line of news, warning or error, to standard error. */
  error(line: string): void;
  /** A text in a colour of `util.styleText`. */
  style(format: "bold" | "dim" | "red" | "green" | "yellow" | "cyan", text: string): string;
  /** Whether a person sits at a terminal, so that questions may be asked. */
  readonly interactive: boolean;
}

/** What a command is given. */
export interface CommandContext<O> {
  /** The positional arguments, in order; those of `[labels...]` are spread. */
  readonly args: readonly string[];
  readonly options: { readonly [K in keyof O]: OptionValue<O[K]> };
  readonly output: CommandOutput;
  /** The project's settings, set up as `requires` says. */
  readonly settings: Settings;
  readonly project: Project;
  readonly cwd: string;
}

/** A management command, as `tsjango NAME` runs it. */
export interface Command<O extends Record<string, CommandOption> = Record<string, CommandOption>> {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly description: string;
  readonly arguments?: readonly CommandArgument[];
  readonly options?: O;
  /** Unknown options are passed on in `args` rather than refused. */
  readonly passThrough?: boolean;
  /**
   * What must stand before it runs: `"apps"` (default) sets the project up, `"settings"` only loads them, `"project"` only
   * finds it (reading `settings` then throws), `"nothing"` runs outside a project too (and reading `project` may throw).
   */
  readonly requires?: "apps" | "settings" | "project" | "nothing";
  /** Whether system checks run first, and errors among them stop it. Default true with `"apps"`. */
  readonly checks?: boolean;
  /** Does the work; a number is the exit code. */
  run(context: CommandContext<O>): Promise<number | void>;
}

/** A command that is loaded only when it is called. */
export interface LazyCommand {
  readonly description: string;
  /** A command of any options; `defineCommand` keeps them typed where they are read. */
  readonly load: () => Promise<{ readonly default: Command }>;
}

/**
 * Types a command: `options` in `run` follow from the flags.
 * @example
 * export default defineCommand({
 *   name: "greet",
 *   description: "Greets somebody.",
 *   arguments: [{ name: "<name>", description: "who" }],
 *   options: { loud: { flags: "--loud", description: "in capitals" } },
 *   async run({ args, options, output }) {
 *     const text = `Hello, ${args[0]}!`;
 *     output.log(options.loud ? text.toUpperCase() : text);
 *   },
 * });
 */
export function defineCommand<const O extends Record<string, CommandOption> = Record<never, CommandOption>>(
  command: Command<O>,
): Command {
  return command as unknown as Command;
}
