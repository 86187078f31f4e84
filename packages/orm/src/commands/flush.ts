import { CommandError, UsageError } from "@tsjango/kernel/exceptions";
import { defineCommand } from "@tsjango/kernel/management";
import { quoteName } from "../backends/base/schema-editor.ts";
import { connections } from "../connections.ts";
import { DEFAULT_ALIAS } from "../constants.ts";
import { askOnTerminal } from "../migrations/questioner.ts";
import { inTransaction, onSchemaConnection } from "../migrations/schema-connection.ts";
import { introspections } from "../migrations/vendors.ts";
import { allModels } from "../models/prepare.ts";

/** Deletes all rows of all models. */
export default defineCommand({
  name: "flush",
  description: "Deletes all rows of all models; the tables and what is migrated stay.",
  options: {
    yes: { flags: "-y, --yes", description: "without asking" },
    noInput: { flags: "--no-input", description: "ask nothing: exit 2 without --yes" },
    database: { flags: "--database <alias>", description: "the database", default: DEFAULT_ALIAS },
  },
  async run({ options, output }) {
    const backend = connections.get(options.database);
    if (!options.yes) {
      const what = `All rows of all models in ${backend.displayName} will be deleted.`;
      if (!output.interactive || options.noInput) throw new UsageError(`${what} If that is meant, say so with --yes.`);
      const answer = await askOnTerminal(`${what} Go on? [y/n] `);
      if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError("Nothing was done.");
    }
    const there = new Set(await introspections[backend.vendor].tableNames(backend));
    const tables = [...new Set(allModels().map((each) => each.dbTable))].filter((table) => there.has(table)).sort();
    if (tables.length > 0) await emptyTables(options.database, tables);
    output.log(`${tables.length} table${tables.length === 1 ? " is" : "s are"} empty.`);
  },
});

/** Empties tables in one transaction; their numbers begin at one again. */
async function emptyTables(alias: string, tables: readonly string[]): Promise<void> {
  const backend = connections.get(alias);
  const names = tables.map(quoteName);
  const statements =
    backend.vendor === "postgres"
      ? [`TRUNCATE TABLE ${names.join(", ")} RESTART IDENTITY`]
      : [
          ...names.map((name) => `DELETE FROM ${name}`),
          `DELETE FROM sqlite_sequence WHERE name IN (${tables.map((name) => backend.operations.literal(name)).join(", ")})`,
        ];
  await onSchemaConnection(backend, (connection) => {
    const begin = () => connection.begin();
    return inTransaction(connection, begin, async () => {
      for (const statement of statements) await connection.execute(statement);
    });
  });
}
