import { CommandError } from "@tsjango/kernel/exceptions";
import { defineCommand } from "@tsjango/kernel/management";
import { didYouMean } from "@tsjango/kernel/utils";
import { findStaticFiles, listStaticFiles, staticDirectories } from "../staticfiles/finders.ts";

export default defineCommand({
  name: "findstatic",
  description: "Shows where a static file is found.",
  arguments: [{ name: "<file>", description: 'its name, such as "blog/style.css"' }],
  options: { first: { flags: "--first", description: "only the one that is used" } },
  checks: false,
  async run({ args, options, output, settings }) {
    const name = String(args[0]);
    const found = await findStaticFiles(name, settings);
    if (found.length === 0) {
      const known = [...(await listStaticFiles(settings)).keys()];
      throw new CommandError(
        `There is no static file ${JSON.stringify(name)}.${didYouMean(name, known)} ` +
          `Looked in: ${staticDirectories(settings).join(", ") || "no directory"}.`,
      );
    }
    for (const path of options.first ? found.slice(0, 1) : found) output.log(path);
  },
});
