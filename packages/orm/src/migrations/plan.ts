import { didYouMean } from "@tsjango/kernel/utils";
import { BadMigrationError, InconsistentMigrationHistory } from "../exceptions.ts";
import type { MigrationGraph } from "./graph.ts";
import { migrationKey, type NamedMigration } from "./migration.ts";

/** One migration to apply or to take back. */
export interface PlanStep {
  readonly migration: NamedMigration;
  readonly direction: "forwards" | "backwards";
}

/** Where to go: everything, one app's last migration, one migration (by name or its beginning), or `zero`. */
export interface Target {
  readonly app?: string | undefined;
  readonly migration?: string | undefined;
}

/** What has to happen, in order, for a database that has `applied`. */
export function makePlan(graph: MigrationGraph, applied: ReadonlySet<string>, target: Target = {}): PlanStep[] {
  const { app, migration } = target;
  const forwards = (migrations: readonly NamedMigration[]) =>
    migrations.filter((each) => !applied.has(migrationKey(each))).map(step("forwards"));
  const backwards = (migrations: readonly NamedMigration[]) =>
    migrations
      .filter((each) => applied.has(migrationKey(each)))
      .reverse()
      .map(step("backwards"));
  if (app === undefined) return forwards(graph.order);
  if (migration === undefined) {
    const leaf = graph.leaf(app);
    return leaf === undefined ? [] : forwards(graph.ancestors(leaf));
  }
  const own = graph.ofApp(app);
  if (migration === "zero") {
    const all = new Set(own.flatMap((each) => graph.descendants(each)));
    return backwards(graph.order.filter((each) => all.has(each)));
  }
  const goal = findByPrefix(app, own, migration);
  if (!applied.has(migrationKey(goal))) return forwards(graph.ancestors(goal));
  const later = new Set(graph.descendants(goal));
  later.delete(goal);
  // Only what follows in this app, and what needs that: another app that merely needs the goal stays.
  const roots = own.filter((each) => later.has(each));
  const undone = new Set(roots.flatMap((each) => graph.descendants(each)));
  return backwards(graph.order.filter((each) => undone.has(each)));
}

function step(direction: PlanStep["direction"]): (migration: NamedMigration) => PlanStep {
  return (migration) => ({ migration, direction });
}

/** The app's migration of this name, or the only one whose name begins so. */
export function findByPrefix(app: string, own: readonly NamedMigration[], text: string): NamedMigration {
  const exact = own.find((each) => each.name === text);
  if (exact !== undefined) return exact;
  const found = own.filter((each) => each.name.startsWith(text));
  if (found.length === 1) return found[0] as NamedMigration;
  const names = own.map((each) => each.name);
  throw new BadMigrationError(
    found.length === 0
      ? `"${app}" has no migration "${text}".${didYouMean(text, names)} It has: ${names.join(", ") || "none"}; or "zero" for none of them.`
      : `Several migrations of "${app}" begin with "${text}": ${found.map((each) => each.name).join(", ")}. Write more of the name.`,
  );
}

/** Throws when a migration is applied and one that it depends on is not. */
export function checkHistory(graph: MigrationGraph, applied: ReadonlySet<string>, alias: string): void {
  for (const migration of graph.order.filter((each) => applied.has(migrationKey(each)))) {
    const missing = migration.dependencies.find(([app, name]) => !applied.has(`${app}.${name}`));
    if (missing === undefined) continue;
    throw new InconsistentMigrationHistory(
      `${migrationKey(migration)} is applied to the database "${alias}" before its dependency ${missing.join(".")}. ` +
        `Take it back with the code it was applied from, or record the dependency with: migrate ${missing.join(" ")} --fake`,
    );
  }
}

/** The migrations that the database has of the apps in `labels`, and no file is there for. */
export function unknownMigrations(
  graph: MigrationGraph,
  applied: ReadonlySet<string>,
  labels: ReadonlySet<string>,
): string[] {
  return [...applied].filter((key) => graph.find(key) === undefined && labels.has(key.slice(0, key.indexOf("."))));
}

/** Throws when the database has migrations of installed apps that the code has not. */
export function checkNotAhead(
  graph: MigrationGraph,
  applied: ReadonlySet<string>,
  labels: ReadonlySet<string>,
  alias: string,
): void {
  const unknown = unknownMigrations(graph, applied, labels);
  if (unknown.length === 0) return;
  const [app] = (unknown[0] as string).split(".");
  throw new InconsistentMigrationHistory(
    `The database "${alias}" is ahead of this code: ${unknown.join(", ")} ${unknown.length === 1 ? "is" : "are"} applied, ` +
      "and there is no such file. Get the code that has it; or, if it was deleted for good, " +
      `forget it with: migrate ${app} --prune`,
  );
}
