import { defineCommand } from "@tsjango/kernel/management";
import { collectStatic } from "../staticfiles/collect.ts";

export default defineCommand({
  name: "collectstatic",
  description: "Puts all static files, hashed and compressed, where production serves them from.",
  options: {
    clear: { flags: "--clear", description: "take away files that an earlier run left" },
    dryRun: { flags: "--dry-run", description: "only say what would be done" },
    json: { flags: "--json", description: "as JSON, for programs" },
  },
  checks: false,
  async run({ options, output, settings }) {
    const { root, written, unmodified, deleted } = await collectStatic(settings, {
      clear: options.clear,
      dryRun: options.dryRun,
    });
    if (options.json) {
      output.log(JSON.stringify({ root, written, unmodified, deleted }, undefined, 2));
      return;
    }
    if (options.dryRun) for (const name of written) output.log(`Would write ${name}`);
    if (options.dryRun) for (const name of deleted) output.log(`Would delete ${name}`);
    const gone = deleted.length === 0 ? "" : `, ${deleted.length} deleted`;
    const would = options.dryRun ? " (nothing was changed)" : "";
    output.log(`${count(written.length)} written to ${root}, ${unmodified} unmodified${gone}${would}.`);
  },
});

function count(files: number): string {
  return files === 1 ? "1 static file" : `${files} static files`;
}
