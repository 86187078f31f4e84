import { apps } from "@tsjango/kernel/apps";
import { CommandError, UsageError } from "@tsjango/kernel/exceptions";
import { type CommandOutput, defineCommand } from "@tsjango/kernel/management";
import { DEFAULT_ALIAS } from "../constants.ts";
import { detectChanges } from "../migrations/autodetector.ts";
import { lossesOf } from "../migrations/data-loss.ts";
import { acceptEdited, editedMigrations } from "../migrations/edited.ts";
import { findingLine, lint } from "../migrations/lint.ts";
import { DEFAULT_PATIENCE } from "../migrations/lock-timeout.ts";
import { type MigrationStatus, migrate, migrationStatus, planFor, statesOfPlan } from "../migrations/migrate.ts";
import { migrationKey } from "../migrations/migration.ts";
import { currentModels } from "../migrations/models-state.ts";
import type { PlanStep, Target } from "../migrations/plan.ts";
import { pruneRecords } from "../migrations/prune.ts";
import { type Ask, askOnTerminal } from "../migrations/questioner.ts";
import { replay } from "../migrations/replay.ts";
import { checkLabels } from "./app-labels.ts";
import { Progress } from "./progress.ts";

/** Brings a database up to date with the migrations. */
export default defineCommand({
  name: "migrate",
  description: "Applies migrations to a database, or takes them back.",
  arguments: [
    { name: "[app]", description: "only this app, and what it depends on" },
    { name: "[migration]", description: 'up or back to this one, by name or number; "zero" takes all back' },
  ],
  options: {
    plan: { flags: "--plan", description: "show what would be done, and what is dangerous in it" },
    check: { flags: "--check", description: "do nothing; exit 1 when there is something to do" },
    fake: { flags: "--fake", description: "record migrations as applied, or not, without running them" },
    fakeInitial: { flags: "--fake-initial", description: "only record first migrations whose tables are there" },
    prune: { flags: "--prune", description: "forget the applied migrations of the app whose files are gone" },
    yes: { flags: "-y, --yes", description: "delete what is stored, where a migration does so" },
    acceptEdited: {
      flags: "--accept-edited",
      description: "take migrations that were edited after they were applied as they are now",
    },
    lockTimeout: {
      flags: "--lock-timeout <ms>",
      description: "how long PostgreSQL waits for a table; then it is tried again (default: 3000; 0: for ever)",
      parse: parseMilliseconds,
    },
    noInput: { flags: "--no-input", description: "ask nothing: exit 2 naming the flag that answers" },
    database: { flags: "--database <alias>", description: "the database", default: DEFAULT_ALIAS },
  },
  async run({ args, options, output }) {
    const [app, migration] = args;
    checkLabels(app === undefined ? [] : [app]);
    const alias = options.database;
    if (options.prune) {
      if (app === undefined || migration !== undefined)
        throw new UsageError("--prune needs one app, and no migration.");
      return prune(alias, app, output);
    }
    const target: Target = { app, migration };
    const status = await migrationStatus(alias);
    if (options.acceptEdited) {
      for (const each of await acceptEdited(status)) output.log(`Accepted ${migrationKey(each)} as it is now.`);
    } else warnOfEdited(status, output);
    if (options.check) return planFor(status, target).length === 0 ? 0 : 1;
    if (options.plan) return showPlan(status, target, output);
    const progress = new Progress(output);
    try {
      const done = await migrate(alias, {
        target,
        fake: options.fake,
        fakeInitial: options.fakeInitial,
        confirm: options.yes
          ? undefined
          : confirmer(output.interactive && !options.noInput ? askOnTerminal : undefined),
        patience: {
          ...DEFAULT_PATIENCE,
          lockTimeout: options.lockTimeout ?? DEFAULT_PATIENCE.lockTimeout,
          onRetry: (attempt, pause) => progress.retrying(attempt, pause),
        },
        onStart: (step) => progress.start(`${verb(step.direction)} ${migrationKey(step.migration)}`),
        onOperation: (description) => progress.operation(description),
        onApply: ({ milliseconds, faked }) => progress.end(faked ? "FAKED" : `OK (${milliseconds} ms)`),
      });
      if (done.length === 0) output.log("No migrations to apply.");
    } catch (error) {
      progress.fail();
      throw error;
    } finally {
      progress.stop();
    }
    await hintAtChanges(alias, output);
  },
});

function parseMilliseconds(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`--lock-timeout takes a whole number of milliseconds, such as 5000; found "${text}".`);
}

/** Asks before what is stored is deleted. Where nobody can be asked, throws `UsageError` naming the flag. */
function confirmer(ask: Ask | undefined): (losses: readonly string[]) => Promise<void> {
  return async (losses) => {
    const list = losses.map((loss) => `  ${loss}\n`).join("");
    if (ask === undefined)
      throw new UsageError(`What is stored would be deleted:\n${list}If that is meant, say so with --yes.`);
    const answer = await ask(`What is stored will be deleted:\n${list}Go on? [y/n] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError("Nothing was done.");
  };
}

function warnOfEdited(status: MigrationStatus, output: CommandOutput): void {
  for (const { file, ...migration } of editedMigrations(status)) {
    output.error(
      output.style(
        "yellow",
        `${migrationKey(migration)} was edited after it was applied to "${status.backend.alias}": ${file} does something ` +
          "else now. Undo the change, and put it into a new migration; or, if the database is as it says, run: migrate --accept-edited",
      ),
    );
  }
}

function verb(direction: PlanStep["direction"]): string {
  return direction === "forwards" ? "Applying" : "Unapplying";
}

async function showPlan(status: MigrationStatus, target: Target, output: CommandOutput): Promise<void> {
  const plan = statesOfPlan(status, planFor(status, target));
  if (plan.length === 0) output.log("No migrations to apply.");
  for (const { step, before } of plan) {
    const { migration, direction } = step;
    output.log(output.style("bold", migrationKey(migration)));
    const undo = direction === "backwards";
    const operations = undo ? [...migration.operations].reverse() : migration.operations;
    for (const { description } of operations) output.log(`    ${undo ? "Undo: " : ""}${description}`);
    if (undo) continue;
    for (const finding of await lint(migration, before, status.backend)) {
      output.error(output.style("yellow", `Warning: ${findingLine(finding)}`));
    }
  }
  for (const loss of await lossesOf(plan, status.backend)) output.error(output.style("yellow", `Warning: ${loss}`));
}

async function prune(alias: string, app: string, output: CommandOutput): Promise<void> {
  const forgotten = await pruneRecords(alias, app);
  for (const key of forgotten) output.log(`Forgot ${key}.`);
  if (forgotten.length === 0) output.log("Nothing to forget.");
}

async function hintAtChanges(alias: string, output: CommandOutput): Promise<void> {
  const { graph } = await migrationStatus(alias);
  const changes = detectChanges(replay(graph.order), currentModels(apps).state);
  if (changes.length === 0) return;
  const labels = [...new Set(changes.map((change) => change.app))].sort().join(", ");
  output.error(
    output.style(
      "yellow",
      `The models of ${labels} have changes that no migration has yet. Run: tsjango makemigrations`,
    ),
  );
}
