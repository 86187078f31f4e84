import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "@tsjango/kernel/exceptions";
import { defineCommand } from "@tsjango/kernel/management";
import { DEFAULT_ALIAS } from "../constants.ts";
import { dumpRows } from "../serialization/dump-fixtures.ts";
import type { FixtureRow } from "../serialization/fixture.ts";
import { modelMatcher } from "./model-labels.ts";

/** Prints rows as a fixture. */
export default defineCommand({
  name: "dumpdata",
  description: "Prints rows as JSON, which loaddata reads.",
  arguments: [{ name: "[labels...]", description: "only of these apps or models: blog, blog.Book" }],
  options: {
    exclude: {
      flags: "-e, --exclude <labels>",
      description: "not of these apps or models, separated by commas",
      parse: (text: string) => text.split(",").map((label) => label.trim()),
    },
    indent: {
      flags: "--indent <spaces>",
      description: "over several lines, with this many spaces",
      parse: parseIndent,
    },
    output: { flags: "-o, --output <file>", description: "into this file" },
    database: { flags: "--database <alias>", description: "the database", default: DEFAULT_ALIAS },
  },
  async run({ args, options, output, cwd }) {
    const included = modelMatcher(args);
    const excluded = modelMatcher(options.exclude ?? []);
    const wants = (model: Parameters<typeof included>[0]) => (args.length === 0 || included(model)) && !excluded(model);
    const rows: FixtureRow[] = [];
    for await (const row of dumpRows({ wants, using: options.database })) rows.push(row);
    // One row a line reads well, and differences of two dumps are differences of rows.
    const text =
      options.indent === undefined
        ? rows.length === 0
          ? "[]"
          : `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]`
        : JSON.stringify(rows, null, options.indent);
    if (options.output === undefined) {
      output.log(text);
      return;
    }
    writeFileSync(resolve(cwd, options.output), `${text}\n`);
    output.log(`${rows.length} rows are in ${options.output}.`);
  },
});

function parseIndent(text: string): number {
  if (/^\d$/.test(text)) return Number(text);
  throw new UsageError(`--indent takes a number from 0 to 9; found "${text}".`);
}
