import { CommandError } from "@tsjango/kernel/exceptions";
import { defineCommand } from "@tsjango/kernel/management";
import { DEFAULT_ALIAS } from "../constants.ts";
import { FixtureError } from "../exceptions.ts";
import { loadFixtures } from "../serialization/load-fixtures.ts";

/** Writes the rows of fixtures. */
export default defineCommand({
  name: "loaddata",
  description: "Writes the rows of fixtures: of all of them, or of none.",
  arguments: [{ name: "<fixtures...>", description: "files in the directory fixtures of an app, or paths" }],
  options: { database: { flags: "--database <alias>", description: "the database", default: DEFAULT_ALIAS } },
  async run({ args, options, output }) {
    try {
      const count = await loadFixtures(args, { using: options.database });
      output.log(
        `Wrote ${count} row${count === 1 ? "" : "s"} of ${args.length} fixture${args.length === 1 ? "" : "s"}.`,
      );
    } catch (error) {
      if (error instanceof FixtureError) throw new CommandError(error.message, { cause: error });
      throw error;
    }
  },
});
