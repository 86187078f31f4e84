import { rmSync } from "node:fs";
import { apps } from "@tsjango/kernel/apps";
import { CommandError } from "@tsjango/kernel/exceptions";
import { loadMigrations } from "./loader.ts";
import { migrationKey, type NamedMigration } from "./migration.ts";
import { migrationName } from "./names.ts";
import { optimize } from "./optimizer.ts";
import { replay } from "./replay.ts";
import { hasFunction } from "./writer.ts";

/** A migration that takes the place of the file it continues. */
export interface UpdatedMigration {
  readonly migration: NamedMigration;
  /** The file that goes. */
  readonly old: NamedMigration;
}

/** Puts new changes into the last migration of their app, as if they had been made together. */
export async function updateLast(made: readonly NamedMigration[], name?: string): Promise<UpdatedMigration> {
  const [next, ...others] = made as [NamedMigration, ...NamedMigration[]];
  if (others.length > 0) {
    throw new CommandError(
      `--update continues one migration, and the changes make ${made.length} (${made.map(migrationKey).join(", ")}). ` +
        "Name one app, or leave --update out.",
    );
  }
  const graph = await loadMigrations(apps.all().map((app) => app.config));
  const old = graph.leaf(next.app);
  if (old === undefined) throw new CommandError(`The app "${next.app}" has no migration that --update could continue.`);
  const followers = graph.order.filter((each) => each.dependencies.some((key) => key.join(".") === migrationKey(old)));
  if (followers.length > 0 || old.replaces !== undefined) {
    const why = old.replaces
      ? "it takes the place of others"
      : `${followers.map(migrationKey).join(", ")} depend on it`;
    throw new CommandError(`${migrationKey(old)} cannot be continued: ${why}. Leave --update out.`);
  }
  if (old.operations.some((operation) => hasFunction(operation.call))) {
    throw new CommandError(
      `${migrationKey(old)} has code, which cannot be written down again. Leave --update out, or put the new operations into ${old.file} by hand.`,
    );
  }
  const before = replay(graph.ancestors(old).filter((each) => each !== old));
  const operations = optimize([...old.operations, ...next.operations], next.app, before);
  const dependencies = new Map([...old.dependencies, ...next.dependencies].map((key) => [key.join("."), key]));
  dependencies.delete(migrationKey(old));
  const previous = [...dependencies.values()].find(([app]) => app === old.app);
  const merged = {
    ...old,
    dependencies: [...dependencies.values()].sort((a, b) => (a.join(".") < b.join(".") ? -1 : 1)),
    operations,
  };
  const renamed =
    name === undefined && old.initial ? old.name : migrationName(operations, { after: previous?.[1], name });
  return { migration: { ...merged, name: renamed }, old };
}

/** Removes the file of a migration that another one has taken the place of. */
export function removeMigration({ file }: NamedMigration): void {
  if (file !== undefined) rmSync(file);
}
