import { apps } from "@tsjango/kernel/apps";
import { defineCommand } from "@tsjango/kernel/management";
import { DEFAULT_ALIAS } from "../constants.ts";
import { migrationStatus } from "../migrations/migrate.ts";
import { migrationKey } from "../migrations/migration.ts";
import { checkLabels } from "./app-labels.ts";

/** Shows which migrations there are, and which are applied. */
export default defineCommand({
  name: "showmigrations",
  description: "Shows all migrations, and which are applied.",
  arguments: [{ name: "[apps...]", description: "only of these apps" }],
  options: { database: { flags: "--database <alias>", description: "the database", default: DEFAULT_ALIAS } },
  async run({ args, options, output }) {
    checkLabels(args);
    const { graph, applied } = await migrationStatus(options.database);
    for (const { config } of apps.all()) {
      const own = graph.ofApp(config.label);
      const named = args.includes(config.label);
      if (!named && (args.length > 0 || own.length === 0)) continue;
      output.log(output.style("bold", config.label));
      if (own.length === 0) output.log(" (no migrations)");
      for (const each of own) output.log(` [${applied.has(migrationKey(each)) ? "X" : " "}] ${each.name}`);
    }
  },
});
