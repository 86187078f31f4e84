import { type CheckLevel, isAtLeast } from "@tsjango/kernel/checks";
import { CommandError, UsageError } from "@tsjango/kernel/exceptions";
import { defineCommand } from "@tsjango/kernel/management";
import { didYouMean } from "@tsjango/kernel/utils";
import { checkReport, collectChecks } from "../terminal/check-report.ts";

const LEVELS: readonly string[] = ["critical", "error", "warning", "info", "debug"] satisfies CheckLevel[];

function level(text: string): CheckLevel {
  const name = text.toLowerCase();
  if (LEVELS.includes(name)) return name as CheckLevel;
  throw new UsageError(`--fail-level takes one of ${LEVELS.join(", ")}; found "${text}".${didYouMean(name, LEVELS)}`);
}

export default defineCommand({
  name: "check",
  description: "Checks the whole project for problems.",
  checks: false,
  options: {
    tag: { flags: "-t, --tag <tags>", description: "only the checks with one of these tags, separated by commas" },
    listTags: { flags: "--list-tags", description: "print the tags" },
    deploy: { flags: "--deploy", description: "check for production, too" },
    failLevel: {
      flags: "--fail-level <level>",
      description: "exit with 1 from this level on",
      default: "error",
      parse: level,
    },
  },
  async run({ options, output, settings }) {
    const checks = settings.installedApps.flatMap((app) => app.checks ?? []);
    const known = [...new Set(checks.flatMap(({ tags }) => tags))].sort();
    if (options.listTags) {
      for (const tag of known) output.log(tag);
      return 0;
    }
    const tags = (options.tag ?? "").split(",").flatMap((tag) => tag.trim() || []);
    for (const tag of tags) {
      if (!known.includes(tag)) {
        throw new CommandError(
          `No system check has the tag "${tag}".${didYouMean(tag, known)} Tags: ${known.join(", ")}.`,
        );
      }
    }
    const result = await collectChecks(settings, { tags, asked: true, deploy: options.deploy });
    const report = checkReport(result, output.style);
    const failed = result.messages.some((message) => isAtLeast(message.level, options.failLevel as CheckLevel));
    if (result.messages.length > 0) output.error(report);
    else output.log(report);
    return failed ? 1 : 0;
  },
});
