import { apps } from "@tsjango/kernel/apps";
import { UsageError } from "@tsjango/kernel/exceptions";
import { didYouMean } from "@tsjango/kernel/utils";

/** Checks that each label is that of an installed app; throws naming the nearest. */
export function checkLabels(labels: readonly string[]): void {
  const known = apps.all().map((app) => app.config.label);
  for (const label of labels) {
    if (known.includes(label)) continue;
    throw new UsageError(
      `No installed app has the label "${label}".${didYouMean(label, known)} Installed: ${known.join(", ")}.`,
    );
  }
}
