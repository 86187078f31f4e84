import { apps } from "@tsjango/kernel/apps";
import { CommandError } from "@tsjango/kernel/exceptions";
import { CircularDependencyError } from "../exceptions.ts";
import { MigrationGraph } from "./graph.ts";
import { readMigrations } from "./loader.ts";
import { type MigrationKey, migrationKey, type NamedMigration } from "./migration.ts";
import { optimize } from "./optimizer.ts";
import { findByPrefix } from "./plan.ts";
import { resolveReplacements } from "./replacements.ts";
import { replay } from "./replay.ts";

/** What to squash, and how. */
export interface SquashOptions {
  readonly app: string;
  /** The first migration; the app's first where none is named. */
  readonly start?: string | undefined;
  readonly end: string;
  /** The part of the name after the number. */
  readonly name?: string | undefined;
  readonly optimize?: boolean;
}

/** A squashed migration with what it is made of. */
export interface Squash {
  readonly migration: NamedMigration;
  readonly replaced: readonly NamedMigration[];
  /** How many operations there were before they were optimized. */
  readonly count: number;
}

/**
 * One migration in the place of several of an app. Source: Django's `squashmigrations`.
 * @throws CommandError where another app's migration stands between them.
 */
export async function squash(options: SquashOptions): Promise<Squash> {
  const { app } = options;
  const found = await readMigrations(apps.all().map((each) => each.config));
  const graph = new MigrationGraph(resolveReplacements(found).migrations);
  const own = graph.ofApp(app);
  const end = findByPrefix(app, own, options.end);
  const start = options.start === undefined ? undefined : findByPrefix(app, own, options.start);
  const until = new Set(graph.ancestors(end));
  const earlier = new Set(start === undefined ? [] : graph.ancestors(start).filter((each) => each !== start));
  const replaced = own.filter((each) => until.has(each) && !earlier.has(each));
  if (start !== undefined && !replaced.includes(start)) {
    throw new CommandError(`${start.name} does not come before ${end.name} in "${app}". Name them in their order.`);
  }
  if (replaced.length < 2) {
    throw new CommandError(
      `There is only one migration to squash in "${app}": ${replaced.map((each) => each.name).join()}. Name a later one.`,
    );
  }
  const keys = new Set(replaced.map(migrationKey));
  const dependencies = new Map<string, MigrationKey>();
  for (const key of replaced.flatMap((each) => each.dependencies)) {
    if (!keys.has(key.join("."))) dependencies.set(key.join("."), key);
  }
  const operations = replaced.flatMap((each) => each.operations);
  const needed = new Set(replaced.flatMap((each) => graph.ancestors(each)));
  const before = replay(graph.order.filter((each) => needed.has(each) && !replaced.includes(each)));
  const first = replaced[0] as NamedMigration;
  const number = /^\d+/.exec(first.name)?.[0] ?? "0001";
  const migration: NamedMigration = {
    app,
    name: `${number}_${options.name ?? `squashed_${end.name}`}`,
    initial: first.initial,
    atomic: replaced.every((each) => each.atomic),
    dependencies: [...dependencies.values()].sort((a, b) => (a.join(".") < b.join(".") ? -1 : 1)),
    replaces: replaced.map((each) => [app, each.name] as const),
    operations:
      options.optimize === false
        ? operations
        : optimize(
            operations.filter((each) => !each.elidable),
            app,
            before,
          ),
  };
  try {
    new MigrationGraph(resolveReplacements([...found, migration]).migrations);
  } catch (cause) {
    if (!(cause instanceof CircularDependencyError)) throw cause;
    throw new CommandError(
      `These migrations cannot be one: another app's migration comes between them. ${cause.message} ` +
        "Squash a shorter part, or squash the other app first.",
      { cause },
    );
  }
  return { migration, replaced, count: operations.length };
}
