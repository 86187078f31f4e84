import { relative } from "node:path";
import { apps } from "@tsjango/kernel/apps";
import { UsageError } from "@tsjango/kernel/exceptions";
import { defineCommand } from "@tsjango/kernel/management";
import { migrationsDirectory } from "../migrations/make-migrations.ts";
import { squash } from "../migrations/squash.ts";
import { hasFunction, originsOf, writeMigration } from "../migrations/writer.ts";
import { checkLabels } from "./app-labels.ts";

/** Writes one migration that takes the place of several. */
export default defineCommand({
  name: "squashmigrations",
  description: "Writes one migration that takes the place of several.",
  arguments: [
    { name: "<app>", description: "the app's label" },
    { name: "<migrations...>", description: "the last one; or the first and the last one" },
  ],
  options: {
    name: { flags: "-n, --name <name>", description: "the part of the file's name after the number", parse: parseName },
    noOptimize: { flags: "--no-optimize", description: "keep all operations as they are" },
    dryRun: { flags: "--dry-run", description: "show what would be written" },
  },
  async run({ args, options, output, cwd }) {
    const [app, ...names] = args as readonly [string, ...string[]];
    checkLabels([app]);
    const [first, last, more] = names;
    if (first === undefined || more !== undefined)
      throw new UsageError("Name the last migration, or the first and the last one.");
    const made = await squash({
      app,
      end: last ?? first,
      start: last === undefined ? undefined : first,
      name: options.name,
      optimize: !options.noOptimize,
    });
    const { migration, replaced, count } = made;
    const directory = migrationsDirectory(apps.get(app).config);
    const file = options.dryRun
      ? `${directory}/${migration.name}.ts`
      : writeMigration(directory, migration, originsOf(replaced));
    output.log(`  ${relative(cwd, file)}`);
    output.log(
      `    ${replaced.length} migrations, ${count} operations, are ${migration.operations.length} operations now.`,
    );
    if (migration.operations.some((operation) => hasFunction(operation.call))) {
      output.log("    Code is taken from the old files: copy it over before you delete them.");
    }
    output.log(
      "Commit it beside the old files. When it is applied everywhere, delete these, and the line with replaces.",
    );
  },
});

function parseName(text: string): string {
  if (/^\w+$/.test(text)) return text;
  throw new UsageError(`--name takes letters, digits and "_"; found "${text}".`);
}
