import { type CheckLevel, type CheckMessage, isAtLeast, runChecks } from "@tsjango/kernel/checks";
import type { Settings } from "@tsjango/kernel/conf";
import { CommandError } from "@tsjango/kernel/exceptions";
import type { CommandOutput } from "@tsjango/kernel/management";

/** What the system checks found. */
export interface CheckResult {
  readonly messages: readonly CheckMessage[];
  /** How many messages the settings silence. */
  readonly silenced: number;
}

/** Runs the checks of all installed apps. */
export async function collectChecks(
  settings: Settings,
  options: { tags?: readonly string[]; asked?: boolean; deploy?: boolean } = {},
): Promise<CheckResult> {
  const all = await runChecks({ ...settings, silencedSystemChecks: [] }, options);
  const messages = all.filter(({ id }) => !settings.silencedSystemChecks.includes(id));
  return { messages, silenced: all.length - messages.length };
}

const GROUPS: readonly [CheckLevel, string, Parameters<CommandOutput["style"]>[0]][] = [
  ["critical", "CRITICALS", "red"],
  ["error", "ERRORS", "red"],
  ["warning", "WARNINGS", "yellow"],
  ["info", "INFOS", "cyan"],
  ["debug", "DEBUGS", "dim"],
];

/** The report as Django words it: the gravest first, then the count. */
export function checkReport(result: CheckResult, style: CommandOutput["style"]): string {
  const { messages, silenced } = result;
  const count = messages.length === 0 ? "no issues" : messages.length === 1 ? "1 issue" : `${messages.length} issues`;
  const last = `System check identified ${count} (${silenced} silenced).`;
  if (messages.length === 0) return last;
  const groups = GROUPS.flatMap(([level, title, colour]) => {
    const lines = messages.filter((message) => message.level === level).map((message) => style(colour, line(message)));
    return lines.length === 0 ? [] : [`${title}:\n${lines.join("\n")}\n`];
  });
  return `System check identified some issues:\n\n${groups.join("\n")}\n${last}`;
}

function line({ subject, id, message, hint }: CheckMessage): string {
  return `${subject ?? "?"}: (${id}) ${message}${hint === undefined ? "" : `\n\tHINT: ${hint}`}`;
}

/** Runs the checks and throws `CommandError` with the report when one is an error. */
export async function requireChecks(settings: Settings, style: CommandOutput["style"]): Promise<CheckResult> {
  const result = await collectChecks(settings);
  if (result.messages.some(({ level }) => isAtLeast(level, "error")))
    throw new CommandError(checkReport(result, style));
  return result;
}
