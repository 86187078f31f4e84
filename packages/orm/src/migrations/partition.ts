import { CircularDependencyError } from "../exceptions.ts";
import type { MigrationGraph } from "./graph.ts";
import type { MigrationKey, NamedMigration } from "./migration.ts";
import { migrationName } from "./names.ts";
import type { PlannedOperation } from "./planned-operation.ts";

/**
 * Cuts operations into migrations, app by app. An app gets a second one only where two apps wait for each other.
 * Source: Django's `MigrationAutodetector._build_migration_list`.
 */
export function partition(
  operations: readonly PlannedOperation[],
  graph: MigrationGraph,
  options: { name?: string | undefined } = {},
): NamedMigration[] {
  const provided = new Set(operations.flatMap((each) => each.provides));
  const providers = new Map<string, MigrationKey>();
  const migrations: NamedMigration[] = [];
  let remaining = operations;
  while (remaining.length > 0) {
    const ready = (need: string) => !provided.has(need) || providers.has(need);
    const next = nextGroup(remaining, ready);
    if (next.length === 0) throw stuck(remaining);
    const migration = migrationOf(next, { graph, migrations, providers, name: options.name });
    for (const key of next.flatMap((each) => each.provides)) providers.set(key, [migration.app, migration.name]);
    migrations.push(migration);
    remaining = remaining.filter((each) => !next.includes(each));
  }
  return migrations;
}

/** The next migration's operations: all that one app has left, or else as many of one app as can be. */
function nextGroup(remaining: readonly PlannedOperation[], ready: (need: string) => boolean): PlannedOperation[] {
  const apps = [...new Set(remaining.map((each) => each.app))].sort();
  const groups = apps.map((app) => {
    const own = remaining.filter((each) => each.app === app);
    return { own, possible: possibleNow(own, ready) };
  });
  const whole = groups.find(({ own, possible }) => own.length === possible.length);
  return (whole ?? groups.find(({ possible }) => possible.length > 0))?.possible ?? [];
}

/** Those that can follow one another now, in an order in which they can. */
function possibleNow(own: readonly PlannedOperation[], ready: (need: string) => boolean): PlannedOperation[] {
  const chosen: PlannedOperation[] = [];
  const done = new Set<string>();
  let waiting = [...own];
  for (;;) {
    const next = waiting.find((each) => each.needs.every((need) => ready(need) || done.has(need)));
    if (next === undefined) return chosen;
    chosen.push(next);
    for (const key of next.provides) done.add(key);
    waiting = waiting.filter((each) => each !== next);
  }
}

function migrationOf(
  operations: readonly PlannedOperation[],
  context: {
    graph: MigrationGraph;
    migrations: readonly NamedMigration[];
    providers: ReadonlyMap<string, MigrationKey>;
    name?: string | undefined;
  },
): NamedMigration {
  const { graph, migrations, providers } = context;
  const app = operations[0]!.app;
  const last = (label: string) => migrations.findLast((each) => each.app === label) ?? graph.leaf(label);
  const previous = last(app);
  const dependencies = new Map<string, MigrationKey>();
  const depend = (key: MigrationKey | undefined) => key && dependencies.set(key.join("."), key);
  if (previous) depend([app, previous.name]);
  for (const { needs, uses } of operations) {
    for (const need of needs) {
      const provider = providers.get(need);
      if (provider && provider[0] !== app) depend(provider);
    }
    for (const other of uses) {
      const leaf = other === app ? undefined : graph.leaf(other);
      const made = [...dependencies.values()].some((key) => key[0] === other);
      if (leaf && !made) depend([other, leaf.name]);
    }
  }
  const plain = operations.map((each) => each.operation);
  const isSecond = migrations.some((each) => each.app === app);
  return {
    app,
    name: migrationName(plain, { after: previous?.name, name: isSecond ? undefined : context.name }),
    initial: previous === undefined,
    atomic: true,
    dependencies: [...dependencies.values()].sort((a, b) => (a.join(".") < b.join(".") ? -1 : 1)),
    operations: plain,
  };
}

function stuck(remaining: readonly PlannedOperation[]): CircularDependencyError {
  const lines = remaining.map(
    ({ app, operation, needs }) => `\n  ${app}: ${operation.description} (after ${needs.join(", ")})`,
  );
  return new CircularDependencyError(
    `These changes wait for each other; make them in two steps, with makemigrations after each:${lines.join("")}`,
  );
}
