import { apps } from "@tsjango/kernel/apps";
import { defineCommand } from "@tsjango/kernel/management";
import { DEFAULT_ALIAS } from "../constants.ts";
import { editedMigrations } from "../migrations/edited.ts";
import { migrationStatus } from "../migrations/migrate.ts";
import { migrationKey, type NamedMigration } from "../migrations/migration.ts";
import { checkLabels } from "./app-labels.ts";

/** Shows which migrations there are, and which are applied. */
export default defineCommand({
  name: "showmigrations",
  description: "Shows all migrations, and which are applied.",
  arguments: [{ name: "[apps...]", description: "only of these apps" }],
  options: {
    plan: { flags: "-p, --plan", description: "all of them in the order in which they are applied" },
    database: { flags: "--database <alias>", description: "the database", default: DEFAULT_ALIAS },
  },
  async run({ args, options, output }) {
    checkLabels(args);
    const status = await migrationStatus(options.database);
    const { graph, applied } = status;
    const edited = new Set(editedMigrations(status).map(migrationKey));
    const line = (each: NamedMigration, name: string) =>
      `[${applied.has(migrationKey(each)) ? "X" : " "}] ${name}` +
      (each.replaces ? ` (${each.replaces.length} squashed)` : "") +
      (edited.has(migrationKey(each)) ? " (edited after it was applied)" : "");
    if (options.plan) {
      const labels = new Set(args);
      const wanted = graph.order.filter((each) => labels.size === 0 || labels.has(each.app));
      for (const each of wanted) output.log(line(each, migrationKey(each)));
      return;
    }
    for (const { config } of apps.all()) {
      const own = graph.ofApp(config.label);
      const named = args.includes(config.label);
      if (!named && (args.length > 0 || own.length === 0)) continue;
      output.log(output.style("bold", config.label));
      if (own.length === 0) output.log(" (no migrations)");
      for (const each of own) output.log(` ${line(each, each.name)}`);
    }
  },
});
