import { UsageError } from "@tsjango/kernel/exceptions";
import { defineCommand } from "@tsjango/kernel/management";
import { didYouMean } from "@tsjango/kernel/utils";
import { connections } from "../connections.ts";
import { DEFAULT_ALIAS } from "../constants.ts";
import { modelsSource } from "../migrations/inspect-models.ts";
import { introspections } from "../migrations/vendors.ts";

/** Prints models for the tables of a database. */
export default defineCommand({
  name: "inspectdb",
  description: "Prints models for the tables that a database has.",
  arguments: [{ name: "[tables...]", description: "only these tables" }],
  options: { database: { flags: "--database <alias>", description: "the database", default: DEFAULT_ALIAS } },
  async run({ args, options, output }) {
    const backend = connections.get(options.database);
    const introspection = introspections[backend.vendor];
    const names = (await introspection.tableNames(backend)).filter((name) => name !== "tsjango_migrations");
    for (const table of args) {
      if (names.includes(table)) continue;
      throw new UsageError(
        `${backend.displayName} has no table "${table}".${didYouMean(table, names)} It has: ${names.join(", ") || "none"}.`,
      );
    }
    const wanted = args.length === 0 ? names : names.filter((name) => args.includes(name));
    const tables = [];
    for (const name of wanted) {
      const table = await introspection.table(backend, name);
      if (table !== undefined) tables.push(table);
    }
    output.log(modelsSource(tables, backend.vendor).trimEnd());
  },
});
