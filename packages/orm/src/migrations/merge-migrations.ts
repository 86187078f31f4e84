import { apps } from "@tsjango/kernel/apps";
import { loadMigrations } from "./loader.ts";
import { migrationKey, type NamedMigration } from "./migration.ts";
import { migrationName } from "./names.ts";
import type { Operation } from "./operations/operation.ts";
import { reduce } from "./reduce.ts";

/** A migration that joins branches of one app, and what speaks against it. */
export interface Merge {
  readonly migration: NamedMigration;
  readonly branches: readonly Branch[];
  /** Operations of two branches that touch the same thing, in words. */
  readonly clashes: readonly string[];
}

/** The migrations that only one of the last ones needs. */
export interface Branch {
  readonly leaf: NamedMigration;
  readonly migrations: readonly NamedMigration[];
}

/** The merges that make one last migration of several, in each of these apps (all where there are none). */
export async function makeMerges(labels: readonly string[], name?: string): Promise<Merge[]> {
  const graph = await loadMigrations(apps.all().map((app) => app.config));
  const wanted = new Set(labels);
  const all = [...new Set(graph.order.map((migration) => migration.app))];
  return all
    .filter((app) => wanted.size === 0 || wanted.has(app))
    .flatMap((app): Merge[] => {
      const leaves = graph.leaves(app);
      if (leaves.length < 2) return [];
      const closures = leaves.map((leaf) => new Set(graph.ancestors(leaf)));
      const branches = leaves.map((leaf, position) => ({
        leaf,
        migrations: graph
          .ofApp(app)
          .filter((each) => closures.every((closure, other) => closure.has(each) === (other === position))),
      }));
      const highest = leaves.reduce((one, other) => (one.name > other.name ? one : other));
      const merged = leaves.map((leaf) => leaf.name.replace(/^\d+_/, "")).join("_");
      const migration: NamedMigration = {
        app,
        name: migrationName([], { after: highest.name, name: name ?? `merge_${merged}`.slice(0, 60) }),
        initial: false,
        atomic: true,
        dependencies: leaves.map((leaf) => [app, leaf.name] as const),
        operations: [],
      };
      return [{ migration, branches, clashes: clashesOf(app, branches) }];
    });
}

/** What cannot be said to give the same in either order. */
function clashesOf(app: string, branches: readonly Branch[]): string[] {
  const operations = branches.map(({ migrations }) =>
    migrations.flatMap((migration) => migration.operations.map((operation) => ({ migration, operation }))),
  );
  return operations.flatMap((own, position) =>
    own.flatMap(({ migration, operation }) =>
      operations
        .slice(position + 1)
        .flat()
        .filter((other) => !commute(operation, other.operation, app))
        .map(
          (other) =>
            `"${operation.description}" (${migrationKey(migration)}) and ` +
            `"${other.operation.description}" (${migrationKey(other.migration)})`,
        ),
    ),
  );
}

function commute(one: Operation, other: Operation, app: string): boolean {
  return reduce(one, other, app) === true && reduce(other, one, app) === true;
}
