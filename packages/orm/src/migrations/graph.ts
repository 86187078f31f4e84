import { didYouMean } from "@tsjango/kernel/utils";
import { CircularDependencyError, ConflictingMigrations, NodeNotFoundError } from "../exceptions.ts";
import { type MigrationKey, migrationKey, type NamedMigration } from "./migration.ts";

/** All migrations of a project and what each depends on. */
export class MigrationGraph {
  readonly #nodes: ReadonlyMap<string, NamedMigration>;
  /** Every migration after all it depends on; apps and names decide between equals, so the order is always the same. */
  readonly order: readonly NamedMigration[];

  /** Throws when a dependency does not exist, or migrations wait for each other. */
  constructor(migrations: Iterable<NamedMigration>) {
    const sorted = [...migrations].sort((a, b) => compare(migrationKey(a), migrationKey(b)));
    this.#nodes = new Map(sorted.map((migration) => [migrationKey(migration), migration]));
    for (const migration of sorted) this.#checkDependencies(migration);
    this.order = this.#sort(sorted);
  }

  /** The migration of this key (`"blog.0001_initial"`), if there is one. */
  find(key: string): NamedMigration | undefined {
    return this.#nodes.get(key);
  }

  /** The migrations of one app, in order. */
  ofApp(app: string): NamedMigration[] {
    return this.order.filter((migration) => migration.app === app);
  }

  /** The migrations of an app that none of its own follows. */
  leaves(app: string): NamedMigration[] {
    const own = this.ofApp(app);
    const followed = new Set(own.flatMap((each) => each.dependencies.map(keyOf)));
    return own.filter((each) => !followed.has(migrationKey(each)));
  }

  /** The app's last migration; undefined where it has none. Throws when two have no follower. */
  leaf(app: string): NamedMigration | undefined {
    const leaves = this.leaves(app);
    if (leaves.length <= 1) return leaves[0];
    throw new ConflictingMigrations(
      `Conflicting migrations: ${leaves.map((each) => each.name).join(" and ")} in "${app}" both come last:\n` +
        `${leaves.map((each) => `  ${each.file ?? each.name}\n`).join("")}` +
        `Join them with: makemigrations ${app} --merge`,
    );
  }

  /** Throws when some app has two migrations without a follower. */
  checkConflicts(): void {
    for (const app of new Set(this.order.map((migration) => migration.app))) this.leaf(app);
  }

  /** `target` and all it depends on, directly or not, in order. */
  ancestors(target: NamedMigration): NamedMigration[] {
    return this.#closure(target, (migration) => migration.dependencies.map(keyOf));
  }

  /** `target` and all that depends on it, directly or not, in order. */
  descendants(target: NamedMigration): NamedMigration[] {
    const followers = new Map<string, string[]>();
    for (const migration of this.order) {
      for (const key of migration.dependencies.map(keyOf)) {
        followers.set(key, [...(followers.get(key) ?? []), migrationKey(migration)]);
      }
    }
    return this.#closure(target, (migration) => followers.get(migrationKey(migration)) ?? []);
  }

  #closure(target: NamedMigration, next: (migration: NamedMigration) => readonly string[]): NamedMigration[] {
    const seen = new Set<string>();
    const queue = [migrationKey(target)];
    for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
      const migration = this.#nodes.get(key);
      if (migration === undefined || seen.has(key)) continue;
      seen.add(key);
      queue.push(...next(migration));
    }
    return this.order.filter((migration) => seen.has(migrationKey(migration)));
  }

  #checkDependencies(migration: NamedMigration): void {
    for (const dependency of migration.dependencies) {
      if (this.#nodes.has(keyOf(dependency))) continue;
      const ofApp = [...this.#nodes.values()].filter((each) => each.app === dependency[0]).map((each) => each.name);
      const apps = [...new Set([...this.#nodes.values()].map((each) => each.app))];
      const hint =
        ofApp.length === 0
          ? ` No migrations of an app "${dependency[0]}" were found; is it in installedApps?${didYouMean(dependency[0], apps)}`
          : didYouMean(dependency[1], ofApp) || ` "${dependency[0]}" has ${ofApp.join(", ")}.`;
      throw new NodeNotFoundError(
        `Migration ${migrationKey(migration)} depends on ${keyOf(dependency)}, which does not exist.${hint} ` +
          `Correct the dependencies in ${migration.file ?? "it"}.`,
      );
    }
  }

  #sort(migrations: readonly NamedMigration[]): NamedMigration[] {
    const done = new Set<string>();
    const order: NamedMigration[] = [];
    const visit = (migration: NamedMigration, path: readonly NamedMigration[]) => {
      if (done.has(migrationKey(migration))) return;
      const start = path.indexOf(migration);
      if (start >= 0) throw this.#circular([...path.slice(start), migration]);
      for (const dependency of [...migration.dependencies].sort((a, b) => compare(keyOf(a), keyOf(b)))) {
        visit(this.#nodes.get(keyOf(dependency)) as NamedMigration, [...path, migration]);
      }
      done.add(migrationKey(migration));
      order.push(migration);
    };
    for (const migration of migrations) visit(migration, []);
    return order;
  }

  #circular(path: readonly NamedMigration[]): CircularDependencyError {
    const files = path.slice(0, -1).map((each) => `\n  ${each.file ?? migrationKey(each)}`);
    return new CircularDependencyError(
      `Migrations wait for each other: ${path.map(migrationKey).join(" → ")}. ` +
        `Remove one of these dependencies:${files.join("")}`,
    );
  }
}

function keyOf(key: MigrationKey): string {
  return `${key[0]}.${key[1]}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
