import { apps } from "@tsjango/kernel/apps";
import { UsageError } from "@tsjango/kernel/exceptions";
import { didYouMean } from "@tsjango/kernel/utils";
import type { Options } from "../models/options.ts";
import { allModels } from "../models/prepare.ts";

/** Says whether a model is one of those that labels name: `blog` or `blog.Book`. Throws for a label of neither. */
export function modelMatcher(labels: readonly string[]): (options: Options) => boolean {
  const models = allModels().map((options) => options.label);
  const known = [...apps.all().map((app) => app.config.label), ...models];
  for (const label of labels) {
    if (known.includes(label)) continue;
    throw new UsageError(
      `There is no app or model "${label}".${didYouMean(label, known)} Models: ${models.join(", ")}.`,
    );
  }
  return ({ label, appLabel }) => labels.includes(label) || labels.includes(appLabel);
}
