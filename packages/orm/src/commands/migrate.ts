import { apps } from "@tsjango/kernel/apps";
import { UsageError } from "@tsjango/kernel/exceptions";
import { type CommandOutput, defineCommand } from "@tsjango/kernel/management";
import { DEFAULT_ALIAS } from "../constants.ts";
import { detectChanges } from "../migrations/autodetector.ts";
import { migrate, migrationStatus, planFor } from "../migrations/migrate.ts";
import { migrationKey } from "../migrations/migration.ts";
import { currentModels } from "../migrations/models-state.ts";
import type { PlanStep, Target } from "../migrations/plan.ts";
import { pruneRecords } from "../migrations/prune.ts";
import { replay } from "../migrations/replay.ts";
import { checkLabels } from "./app-labels.ts";

/** Brings a database up to date with the migrations. */
export default defineCommand({
  name: "migrate",
  description: "Applies migrations to a database, or takes them back.",
  arguments: [
    { name: "[app]", description: "only this app, and what it depends on" },
    { name: "[migration]", description: 'up or back to this one, by name or number; "zero" takes all back' },
  ],
  options: {
    plan: { flags: "--plan", description: "show what would be done" },
    fake: { flags: "--fake", description: "record migrations as applied, or not, without running them" },
    prune: { flags: "--prune", description: "forget the applied migrations of the app whose files are gone" },
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
    if (options.plan) return showPlan(planFor(await migrationStatus(alias), target), output);
    let current: PlanStep | undefined;
    try {
      const done = await migrate(alias, {
        target,
        fake: options.fake,
        onStart: (step) => {
          current = step;
        },
        onApply: ({ key, direction, milliseconds }) => {
          const result = options.fake ? "FAKED" : `OK (${milliseconds} ms)`;
          output.log(`${verb(direction)} ${key} … ${output.style("green", result)}`);
        },
      });
      if (done.length === 0) output.log("No migrations to apply.");
    } catch (error) {
      if (current) {
        output.error(
          `${verb(current.direction)} ${migrationKey(current.migration)} … ${output.style("red", "FAILED")}`,
        );
      }
      throw error;
    }
    await hintAtChanges(alias, output);
  },
});

function verb(direction: PlanStep["direction"]): string {
  return direction === "forwards" ? "Applying" : "Unapplying";
}

function showPlan(plan: readonly PlanStep[], output: CommandOutput): void {
  if (plan.length === 0) output.log("No migrations to apply.");
  for (const { migration, direction } of plan) {
    output.log(output.style("bold", migrationKey(migration)));
    const undo = direction === "backwards";
    const operations = undo ? [...migration.operations].reverse() : migration.operations;
    for (const { description } of operations) output.log(`    ${undo ? "Undo: " : ""}${description}`);
  }
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
