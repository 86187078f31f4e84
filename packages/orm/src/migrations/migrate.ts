import { apps } from "@tsjango/kernel/apps";
import type { Backend } from "../backends/base/backend.ts";
import { connections } from "../connections.ts";
import { DEFAULT_ALIAS } from "../constants.ts";
import { runStep } from "./executor.ts";
import type { MigrationGraph } from "./graph.ts";
import { loadMigrations } from "./loader.ts";
import { migrationKey } from "./migration.ts";
import { checkHistory, checkNotAhead, makePlan, type PlanStep, type Target } from "./plan.ts";
import { appliedMigrations } from "./recorder.ts";
import { replay, stateAfter } from "./replay.ts";
import type { ProjectState } from "./state.ts";

/** A database's migrations: those in files, and those applied. */
export interface MigrationStatus {
  readonly backend: Backend;
  readonly graph: MigrationGraph;
  /** Keys such as `blog.0001_initial`. */
  readonly applied: ReadonlySet<string>;
}

/** A migration that was applied or taken back. */
export interface AppliedStep {
  /** `blog.0001_initial`. */
  readonly key: string;
  readonly direction: PlanStep["direction"];
  readonly milliseconds: number;
}

/** How to migrate. */
export interface MigrateOptions {
  /** Told of each migration as soon as it stands. */
  readonly onApply?: ((step: AppliedStep) => void) | undefined;
  /** Told of each migration before it begins. */
  readonly onStart?: ((step: PlanStep) => void) | undefined;
  /** Only record the migrations, without running them. */
  readonly fake?: boolean | undefined;
  readonly target?: Target | undefined;
}

/** Reads the migrations of all installed apps and asks the database which are applied. */
export async function migrationStatus(alias: string = DEFAULT_ALIAS): Promise<MigrationStatus> {
  const graph = await loadMigrations(apps.all().map((app) => app.config));
  const backend = connections.get(alias);
  const applied = new Set((await appliedMigrations(backend)).map(migrationKey));
  return { backend, graph, applied };
}

/** What `migrate` would do. Throws where files and database do not fit together. */
export function planFor({ graph, applied, backend }: MigrationStatus, target: Target = {}): PlanStep[] {
  const labels = new Set(apps.all().map((app) => app.config.label));
  graph.checkConflicts();
  checkNotAhead(graph, applied, labels, backend.alias);
  checkHistory(graph, applied, backend.alias);
  return makePlan(graph, applied, target);
}

/** Applies migrations to a database, or takes them back, up to the target; returns those that it ran. */
export async function migrate(alias: string = DEFAULT_ALIAS, options: MigrateOptions = {}): Promise<AppliedStep[]> {
  const status = await migrationStatus(alias);
  const done: AppliedStep[] = [];
  for (const { step, before } of statesOfPlan(status, planFor(status, options.target))) {
    options.onStart?.(step);
    const start = performance.now();
    const ran = await runStep(step, before, { backend: status.backend, fake: options.fake ?? false });
    if (!ran) continue;
    const milliseconds = Math.round(performance.now() - start);
    const applied = { key: migrationKey(step.migration), direction: step.direction, milliseconds };
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
