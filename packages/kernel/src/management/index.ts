export {
  type Command,
  type CommandArgument,
  type CommandContext,
  type CommandOption,
  type CommandOutput,
  defineCommand,
  type LazyCommand,
  type OptionValue,
} from "./command.ts";
