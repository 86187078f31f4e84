import { relative, resolve } from "node:path";
import { apps } from "@tsjango/kernel/apps";
import { UsageError } from "@tsjango/kernel/exceptions";
import { type CommandOutput, defineCommand } from "@tsjango/kernel/management";
import { type Answers, readAnswers } from "../migrations/answers.ts";
import {
  emptyMigrations,
  type MadeMigrations,
  makeMigrations,
  migrationsDirectory,
} from "../migrations/make-migrations.ts";
import type { NamedMigration } from "../migrations/migration.ts";
import { askOnTerminal, parseDefaults, parseRemoved, parseRenames } from "../migrations/questioner.ts";
import { writeMigration } from "../migrations/writer.ts";
import { checkLabels } from "./app-labels.ts";

/** Writes migrations for what changed in the models. */
export default defineCommand({
  name: "makemigrations",
  description: "Writes migrations for what changed in the models.",
  arguments: [{ name: "[apps...]", description: "only for these apps" }],
  options: {
    check: { flags: "--check", description: "write nothing; exit 1 when there are changes" },
    dryRun: { flags: "--dry-run", description: "show what would be written" },
    empty: { flags: "--empty", description: "an empty migration for each app named, to fill by hand" },
    name: { flags: "-n, --name <name>", description: "the part of the file's name after the number", parse: parseName },
    default: {
      flags: "--default <values>",
      description: "values for existing rows: blog.Book.pages=0,blog.Book.isbn=unknown",
      parse: parseDefaults,
    },
    rename: {
      flags: "--rename <names>",
      description: "what has another name now: blog.Book.title:name,blog.Author:Writer",
      parse: parseRenames,
    },
    removed: {
      flags: "--removed <names>",
      description: "what is gone, and was not renamed: blog.Book.title",
      parse: parseRemoved,
    },
    answers: { flags: "--answers <file>", description: 'all answers as JSON: { "renames": {…}, "defaults": {…} }' },
    noInput: { flags: "--no-input", description: "ask nothing: exit 2 naming the flag that answers" },
  },
  async run({ args, options, output, cwd }) {
    checkLabels(args);
    if (options.empty && args.length === 0) throw new UsageError("--empty needs the apps to make a migration for.");
    const { migrations, warnings }: MadeMigrations = options.empty
      ? { migrations: await emptyMigrations(args, options.name), warnings: [] }
      : await makeMigrations({
          labels: args,
          name: options.name,
          answers: answersOf(options, cwd),
          ask: output.interactive && !options.noInput ? askOnTerminal : undefined,
          check: options.check,
        });
    if (migrations.length === 0) {
      const where = args.length === 0 ? "" : ` in ${args.join(", ")}`;
      output.log(`No changes detected${where}.`);
      return 0;
    }
    const write = !options.check && !options.dryRun;
    for (const [app, own] of Map.groupBy(migrations, (each) => each.app)) {
      output.log(output.style("bold", `Migrations for ${app}:`));
      for (const migration of own) show(migration, fileOf(migration, write), { output, cwd });
    }
    for (const warning of warnings) output.error(output.style("yellow", `Warning: ${warning}`));
    if (write) output.log(`Apply ${migrations.length === 1 ? "it" : "them"} with: tsjango migrate`);
    return options.check ? 1 : 0;
  },
});

function answersOf(
  given: {
    readonly answers: string | undefined;
    readonly default: ReadonlyMap<string, string> | undefined;
    readonly rename: ReadonlyMap<string, string> | undefined;
    readonly removed: readonly string[] | undefined;
  },
  cwd: string,
): Answers {
  const file = given.answers === undefined ? undefined : readAnswers(resolve(cwd, given.answers));
  const removed = (given.removed ?? []).map((key) => [key, null] as const);
  return {
    fills: new Map([...(file?.fills ?? []), ...(given.default ?? [])]),
    renames: new Map<string, string | null>([...(file?.renames ?? []), ...(given.rename ?? []), ...removed]),
  };
}

function fileOf(migration: NamedMigration, write: boolean): string {
  const directory = migrationsDirectory(apps.get(migration.app).config);
  return write ? writeMigration(directory, migration) : `${directory}/${migration.name}.ts`;
}

function show(migration: NamedMigration, file: string, { output, cwd }: { output: CommandOutput; cwd: string }): void {
  output.log(`  ${relative(cwd, file)}`);
  for (const { description, destructive } of migration.operations)
    output.log(`    ${destructive ? "-" : "+"} ${description}`);
}

function parseName(text: string): string {
  if (/^\w+$/.test(text)) return text;
  throw new UsageError(`--name takes letters, digits and "_"; found "${text}".`);
}
