import { apps } from "@tsjango/kernel/apps";
import { defineCommand } from "@tsjango/kernel/management";
import { connections } from "../connections.ts";
import { DEFAULT_ALIAS } from "../constants.ts";
import { statementsOf } from "../migrations/executor.ts";
import { loadMigrations } from "../migrations/loader.ts";
import { findByPrefix } from "../migrations/plan.ts";
import { replay } from "../migrations/replay.ts";
import { schemaEditors } from "../migrations/vendors.ts";
import { checkLabels } from "./app-labels.ts";

/** Prints a migration's statements. */
export default defineCommand({
  name: "sqlmigrate",
  description: "Prints the SQL of a migration, without running it.",
  arguments: [
    { name: "<app>", description: "the app's label" },
    { name: "<migration>", description: "by name or number" },
  ],
  options: {
    backwards: { flags: "--backwards", description: "the SQL that takes it back" },
    database: { flags: "--database <alias>", description: "the database", default: DEFAULT_ALIAS },
  },
  async run({ args, options, output }) {
    const [app, name] = args as readonly [string, string];
    checkLabels([app]);
    const graph = await loadMigrations(apps.all().map((each) => each.config));
    const migration = findByPrefix(app, graph.ofApp(app), name);
    const before = replay(graph.ancestors(migration).filter((each) => each !== migration));
    const direction = options.backwards ? "backwards" : "forwards";
    const backend = connections.get(options.database);
    const { around } = schemaEditors[backend.vendor];
    const statements = await statementsOf({ migration, direction }, before, { backend });
    const ended = (list: readonly string[]) => list.map((statement) => `${statement};`);
    for (const line of [
      ...ended(around.before),
      ...(migration.atomic ? ["BEGIN;", ...statements, "COMMIT;"] : statements),
      ...ended(around.after),
    ]) {
      output.log(line);
    }
  },
});
