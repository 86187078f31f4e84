import { writeFileSync } from "node:fs";
import { apps } from "@tsjango/kernel/apps";
import { CommandError } from "@tsjango/kernel/exceptions";
import { defineCommand } from "@tsjango/kernel/management";
import { loadMigrations } from "../migrations/loader.ts";
import { migrationKey } from "../migrations/migration.ts";
import { optimize } from "../migrations/optimizer.ts";
import { findByPrefix } from "../migrations/plan.ts";
import { replay } from "../migrations/replay.ts";
import { hasFunction, writeMigrationSource } from "../migrations/writer.ts";
import { checkLabels } from "./app-labels.ts";

/** Writes a migration again with fewer operations that do the same. */
export default defineCommand({
  name: "optimizemigration",
  description: "Writes a migration again with fewer operations that do the same.",
  arguments: [
    { name: "<app>", description: "the app's label" },
    { name: "<migration>", description: "by name or number" },
  ],
  options: { check: { flags: "--check", description: "write nothing; exit 1 when it could have fewer operations" } },
  async run({ args, options, output }) {
    const [app, name] = args as readonly [string, string];
    checkLabels([app]);
    const graph = await loadMigrations(apps.all().map((each) => each.config));
    const migration = findByPrefix(app, graph.ofApp(app), name);
    const before = replay(graph.ancestors(migration).filter((each) => each !== migration));
    const operations = optimize(migration.operations, app, before);
    if (operations.length >= migration.operations.length) {
      output.log(`${migrationKey(migration)} has no operation too many.`);
      return 0;
    }
    output.log(`${migrationKey(migration)}: ${migration.operations.length} operations could be ${operations.length}.`);
    if (options.check) return 1;
    if (migration.file === undefined || operations.some((operation) => hasFunction(operation.call))) {
      throw new CommandError(
        `${migration.file ?? migrationKey(migration)} has code, which cannot be written down again. Change it by hand, or squash it.`,
      );
    }
    writeFileSync(migration.file, writeMigrationSource({ ...migration, operations }));
    output.log("Written. Where it is applied already, run: migrate --accept-edited");
    return 0;
  },
});
