import { UsageError } from "@tsjango/kernel/exceptions";
import type { CommandOption, OptionValue } from "@tsjango/kernel/management";
import { OPTION_VARIABLES } from "../vitest/environment.ts";

const TAG = /^[\w.:/-]+$/;

/** The options of `tsjango test`; every other is Vitest's. */
export const testOptions = {
  keepdb: { flags: "--keepdb", description: "leave the workers' databases at the server, for the next run" },
  recreatedb: { flags: "--recreatedb", description: "run the migrations again, though their files have not changed" },
  parallel: { flags: "--parallel <count>", description: "how many workers run tests at once", parse: parseCount },
  shuffle: { flags: "--shuffle [seed]", description: "in random order; a seed repeats an order", parse: parseSeed },
  tag: { flags: "--tag <tag>", description: "only tests with this tag, or another one given", parse: parseTag },
  excludeTag: { flags: "--exclude-tag <tag>", description: "no tests with this tag", parse: parseTag },
  debugSql: { flags: "--debug-sql", description: "print the statements of failing tests" },
} as const satisfies Record<string, CommandOption>;

/** What was typed of them. */
export type TestOptionValues = { readonly [K in keyof typeof testOptions]: OptionValue<(typeof testOptions)[K]> };

/** The same for Vitest: its words, and the variables that the plugin reads. */
export function vitestWords(options: TestOptionValues): {
  readonly words: string[];
  readonly environment: Readonly<Record<string, string>>;
} {
  const { parallel, shuffle, tag = [], excludeTag = [] } = options;
  const words = [
    ...(parallel === undefined ? [] : [`--maxWorkers=${parallel}`]),
    ...(shuffle === undefined ? [] : ["--sequence.shuffle"]),
    ...(typeof shuffle === "number" ? [`--sequence.seed=${shuffle}`] : []),
    ...(tag.length === 0 ? [] : [`--tags-filter=${tag.join(" || ")}`]),
    ...excludeTag.map((name) => `--tags-filter=!${name}`),
  ];
  const environment = {
    ...(options.keepdb && { [OPTION_VARIABLES.keepDatabases]: "1" }),
    ...(options.recreatedb && { [OPTION_VARIABLES.recreateDatabases]: "1" }),
    ...(options.debugSql && { [OPTION_VARIABLES.debugSql]: "1" }),
    ...(tag.length + excludeTag.length > 0 && { [OPTION_VARIABLES.tags]: [...tag, ...excludeTag].join(",") }),
  };
  return { words, environment };
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new UsageError(`--parallel takes a number of workers from 1; found "${text}".`);
}

/** Without a seed the option is just `true`. */
function parseSeed(text: string): number | true {
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`--shuffle takes a whole number, or nothing; found "${text}". Write files before --shuffle.`);
}

function parseTag(text: string, previous: readonly string[] = []): readonly string[] {
  if (TAG.test(text)) return [...previous, text];
  throw new UsageError(`A tag is letters, digits and _ - . : /, without spaces; found "${text}".`);
}
