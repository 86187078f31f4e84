import type { Settings } from "../conf/settings.ts";
import type { Check, CheckLevel, CheckMessage } from "./check.ts";

const LEVELS: readonly CheckLevel[] = ["debug", "info", "warning", "error", "critical"];

/** Whether `level` is as grave as `than`, or graver. */
export function isAtLeast(level: CheckLevel, than: CheckLevel): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(than);
}

/** Runs the checks of all installed apps, in order, and gives what they found, less what the settings silence. */
export async function runChecks(
  settings: Settings,
  options: { tags?: readonly string[] | undefined; asked?: boolean | undefined; deploy?: boolean | undefined } = {},
): Promise<CheckMessage[]> {
  const found: CheckMessage[] = [];
  for (const check of settings.installedApps.flatMap((app): readonly Check[] => app.checks ?? [])) {
    if (check.asked === true && options.asked !== true) continue;
    if (check.deploy === true && options.deploy !== true) continue;
    if (options.tags?.length && !check.tags.some((tag) => options.tags?.includes(tag))) continue;
    found.push(...(await check.run(settings)));
  }
  return found.filter((message) => !settings.silencedSystemChecks.includes(message.id));
}
