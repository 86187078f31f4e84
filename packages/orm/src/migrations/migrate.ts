import { apps } from "@tsjango/kernel/apps";
import type { Backend } from "../backends/base/backend.ts";
import { connections } from "../connections.ts";
import { DEFAULT_ALIAS } from "../constants.ts";
import { lossesOf } from "./data-loss.ts";
import { runStep } from "./executor.ts";
import { isThereAlready } from "./fake-initial.ts";
import { MigrationGraph } from "./graph.ts";
import { readMigrations } from "./loader.ts";
import type { LockPatience } from "./lock-timeout.ts";
import { migrationKey } from "./migration.ts";
import { checkHistory, checkNotAhead, makePlan, type PlanStep, type Target } from "./plan.ts";
import { type AppliedMigration, appliedMigrations, recordReplacing } from "./recorder.ts";
import { resolveReplacements } from "./replacements.ts";
import { replay, stateAfter } from "./replay.ts";
import type { ProjectState } from "./state.ts";

/** A database's migrations: those in files, and those applied. */
export interface MigrationStatus {
  readonly backend: Backend;
  readonly graph: MigrationGraph;
  /** Keys such as `blog.0001_initial`; one that takes the place of applied ones is among them. */
  readonly applied: ReadonlySet<string>;
  /** Keys that migrations take the place of. */
  readonly replaced: ReadonlySet<string>;
  /** What the database remembers. */
  readonly records: readonly AppliedMigration[];
}

/** A migration that was applied or taken back. */
export interface AppliedStep {
  /** `blog.0001_initial`. */
  readonly key: string;
  readonly direction: PlanStep["direction"];
  readonly milliseconds: number;
  /** Whether it was only recorded. */
  readonly faked: boolean;
}

/** How to migrate. */
export interface MigrateOptions {
  /** Told of each migration as soon as it stands. */
  readonly onApply?: ((step: AppliedStep) => void) | undefined;
  /** Told of each migration before it begins. */
  readonly onStart?: ((step: PlanStep) => void) | undefined;
  /** Told of each operation before it begins. */
  readonly onOperation?: ((description: string) => void) | undefined;
  /** Only record the migrations, without running them. */
  readonly fake?: boolean | undefined;
  /** Only record first migrations whose tables are there already. */
  readonly fakeInitial?: boolean | undefined;
  readonly patience?: LockPatience | undefined;
  /** Asked before anything is done, where something that is stored would be deleted; throws to stop. */
  readonly confirm?: ((losses: readonly string[]) => Promise<void>) | undefined;
  readonly target?: Target | undefined;
}

/** Reads the migrations of all installed apps and asks the database which are applied. */
export async function migrationStatus(alias: string = DEFAULT_ALIAS): Promise<MigrationStatus> {
  const found = await readMigrations(apps.all().map((app) => app.config));
  const backend = connections.get(alias);
  const records = await appliedMigrations(backend);
  const { migrations, applied, replaced } = resolveReplacements(found, new Set(records.map(migrationKey)));
  return { backend, graph: new MigrationGraph(migrations), applied, replaced, records };
}

/** What `migrate` would do. Throws where files and database do not fit together. */
export function planFor(status: MigrationStatus, target: Target = {}): PlanStep[] {
  const { graph, applied, replaced, backend } = status;
  const labels = new Set(apps.all().map((app) => app.config.label));
  graph.checkConflicts();
  const own = new Set([...applied].filter((key) => !replaced.has(key)));
  checkNotAhead(graph, own, labels, backend.alias);
  checkHistory(graph, applied, backend.alias);
  return makePlan(graph, applied, target);
}

/** Applies migrations to a database, or takes them back, up to the target; returns those that it ran. */
export async function migrate(alias: string = DEFAULT_ALIAS, options: MigrateOptions = {}): Promise<AppliedStep[]> {
  const status = await migrationStatus(alias);
  const { backend } = status;
  const plan = statesOfPlan(status, planFor(status, options.target));
  if (options.confirm && !options.fake) {
    const losses = await lossesOf(plan, backend);
    if (losses.length > 0) await options.confirm(losses);
  }
  await recordReplacing(status);
  const done: AppliedStep[] = [];
  for (const { step, before } of plan) {
    const { migration, direction } = step;
    options.onStart?.(step);
    const start = performance.now();
    const initial =
      options.fakeInitial && direction === "forwards" && (await isThereAlready(migration, before, backend));
    const faked = options.fake === true || initial === true;
    const ran = await runStep(step, before, {
      backend,
      fake: faked,
      onOperation: options.onOperation,
      ...(options.patience && { patience: options.patience }),
    });
    if (!ran) continue;
    const milliseconds = Math.round(performance.now() - start);
    const applied = { key: migrationKey(migration), direction, milliseconds, faked };
    done.push(applied);
    options.onApply?.(applied);
  }
  return done;
}

/** Each step of a plan with the state without its migration. */
export function statesOfPlan(
  { graph, applied }: MigrationStatus,
  plan: readonly PlanStep[],
): { step: PlanStep; before: ProjectState }[] {
  const there = new Set(applied);
  let state: ProjectState | undefined = replay(graph.order.filter((each) => there.has(migrationKey(each))));
  return plan.map((step) => {
    if (step.direction === "backwards") {
      there.delete(migrationKey(step.migration));
      return { step, before: replay(graph.order.filter((each) => there.has(migrationKey(each)))) };
    }
    const before = state as ProjectState;
    state = stateAfter(before, step.migration);
    return { step, before };
  });
}

/** Brings a database up to date with all migrations of the installed apps. */
export async function migrateAll(
  alias: string = DEFAULT_ALIAS,
  options: Pick<MigrateOptions, "onApply"> = {},
): Promise<AppliedStep[]> {
  return migrate(alias, options);
}

/** The migrations that a database lacks, such as `["blog.0002_pages"]`. */
export async function pendingMigrations(alias: string = DEFAULT_ALIAS): Promise<string[]> {
  const { graph, applied } = await migrationStatus(alias);
  return graph.order.map(migrationKey).filter((key) => !applied.has(key));
}
