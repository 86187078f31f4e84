import { UsageError } from "@tsjango/kernel/exceptions";

/** The command line with the options that every command takes already read. */
export interface CommandLine {
  /** Undefined where no command is named. */
  readonly name: string | undefined;
  /** What follows the name, without the global options. */
  readonly words: readonly string[];
  readonly settings: string | undefined;
  readonly traceback: boolean;
  readonly noColor: boolean;
  readonly forceColor: boolean;
  /** Whether a command runs without the system checks before it. */
  readonly skipChecks: boolean;
  readonly version: boolean;
  readonly help: boolean;
}

/** Reads the global options wherever they stand, up to a "--". */
export function readGlobalOptions(argv: readonly string[]): CommandLine {
  let name: string | undefined;
  let settings: string | undefined;
  const seen = { traceback: false, noColor: false, forceColor: false, skipChecks: false, version: false, help: false };
  const words: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] as string;
    if (word === "--") {
      words.push(...argv.slice(index));
      break;
    }
    if (word === "--settings" || word.startsWith("--settings=")) {
      settings = word === "--settings" ? argv[++index] : word.slice("--settings=".length);
      if (!settings) throw new UsageError("--settings needs a file: --settings mysite/settings.ts");
    } else if (word === "--traceback") seen.traceback = true;
    else if (word === "--no-color") seen.noColor = true;
    else if (word === "--force-color") seen.forceColor = true;
    else if (word === "--skip-checks") seen.skipChecks = true;
    else if (name !== undefined) words.push(word);
    else if (word === "--version" || word === "-v") seen.version = true;
    else if (word === "--help" || word === "-h") seen.help = true;
    else if (word.startsWith("-")) words.push(word);
    else name = word;
  }
  if (name === undefined && words.length > 0 && !seen.help && !seen.version) {
    throw new UsageError(`Unknown option '${words[0]}'\nSee "tsjango --help".`);
  }
  if (name === "help") return { name: words[0], words: ["--help"], settings, ...seen, help: words.length === 0 };
  return { name, words, settings, ...seen };
}
