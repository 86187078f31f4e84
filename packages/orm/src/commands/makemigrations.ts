import { relative, resolve } from "node:path";
import { apps } from "@tsjango/kernel/apps";
import { CommandError, UsageError } from "@tsjango/kernel/exceptions";
import { type CommandOutput, defineCommand } from "@tsjango/kernel/management";
import { type Answers, readAnswers } from "../migrations/answers.ts";
import { findingLine } from "../migrations/lint.ts";
import {
  emptyMigrations,
  type MadeMigrations,
  makeMigrations,
  migrationsDirectory,
} from "../migrations/make-migrations.ts";
import { makeMerges } from "../migrations/merge-migrations.ts";
import type { NamedMigration } from "../migrations/migration.ts";
import { type Ask, askOnTerminal, parseDefaults, parseRemoved, parseRenames } from "../migrations/questioner.ts";
import { removeMigration, updateLast } from "../migrations/update-migration.ts";
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
    merge: { flags: "--merge", description: "join migrations of one app that both come last" },
    yes: { flags: "-y, --yes", description: "with --merge: join them although they touch the same things" },
    update: { flags: "--update", description: "put the changes into the app's last migration" },
    online: {
      flags: "--online",
      description: "plan what would lock PostgreSQL's tables for long in steps that do not",
    },
  },
  async run({ args, options, output, cwd }) {
    checkLabels(args);
    if (options.empty && args.length === 0) throw new UsageError("--empty needs the apps to make a migration for.");
    const ask = output.interactive && !options.noInput ? askOnTerminal : undefined;
    const write = !options.check && !options.dryRun;
    const place = { output, cwd, write };
    if (options.merge) {
      const count = await merge(args, { name: options.name, ask, yes: options.yes }, place);
      return options.check && count > 0 ? 1 : 0;
    }
    const { migrations, findings }: MadeMigrations = options.empty
      ? { migrations: await emptyMigrations(args, options.name), findings: [] }
      : await makeMigrations({
          labels: args,
          name: options.name,
          answers: answersOf(options, cwd),
          ask,
          check: options.check,
          online: options.online,
        });
    if (migrations.length === 0) {
      const where = args.length === 0 ? "" : ` in ${args.join(", ")}`;
      output.log(`No changes detected${where}.`);
      return 0;
    }
    const updated = options.update ? await updateLast(migrations, options.name) : undefined;
    for (const [app, own] of Map.groupBy(updated ? [updated.migration] : migrations, (each) => each.app)) {
      output.log(output.style("bold", `Migrations for ${app}:`));
      for (const migration of own) show(migration, fileOf(migration, { write, over: updated?.old }), place);
    }
    for (const finding of findings) output.error(output.style("yellow", `Warning: ${findingLine(finding)}`));
    if (write) output.log(`Apply ${migrations.length === 1 ? "it" : "them"} with: tsjango migrate`);
    return options.check ? 1 : 0;
  },
});

interface Place {
  readonly output: CommandOutput;
  readonly cwd: string;
  readonly write: boolean;
}

async function merge(
  labels: readonly string[],
  { name, ask, yes }: { readonly name: string | undefined; readonly ask: Ask | undefined; readonly yes: boolean },
  { output, cwd, write }: Place,
): Promise<number> {
  const merges = await makeMerges(labels, name);
  if (merges.length === 0) output.log("No conflicts: every app has one last migration.");
  for (const { migration, branches, clashes } of merges) {
    output.log(output.style("bold", `Joining in ${migration.app}:`));
    for (const { leaf, migrations } of branches) {
      output.log(`  ${leaf.name}`);
      for (const { description } of migrations.flatMap((each) => each.operations)) output.log(`    + ${description}`);
    }
    if (clashes.length > 0 && !yes) {
      const list = clashes.map((clash) => `\n  ${clash}`).join("");
      const problem = `These may give something else in another order:${list}\n`;
      const advice = "Look at them; if the order makes no difference, join them with --merge --yes.";
      if (ask === undefined) throw new UsageError(problem + advice);
      if (!/^y(es)?$/i.test((await ask(`${problem}Join them all the same? [y/n] `)).trim()))
        throw new CommandError(advice);
    }
    output.log(`  ${relative(cwd, fileOf(migration, { write }))}`);
  }
  return merges.length;
}

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

function fileOf(
  migration: NamedMigration,
  { write, over }: { write: boolean; over?: NamedMigration | undefined },
): string {
  const directory = migrationsDirectory(apps.get(migration.app).config);
  if (!write) return `${directory}/${migration.name}.ts`;
  if (over !== undefined) removeMigration(over);
  return writeMigration(directory, migration);
}

function show(migration: NamedMigration, file: string, { output, cwd }: Place): void {
  output.log(`  ${relative(cwd, file)}`);
  for (const { description, destructive } of migration.operations)
    output.log(`    ${destructive ? "-" : "+"} ${description}`);
}

function parseName(text: string): string {
  if (/^\w+$/.test(text)) return text;
  throw new UsageError(`--name takes letters, digits and "_"; found "${text}".`);
}
