import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { OPTIONS } from "../constants.ts";
import type { ModelType, Options } from "../models/options.ts";

/** Whether the model belongs to an installed app whose models are prepared. */
export function isPrepared(model: ModelType): boolean {
  return Object.hasOwn(model, OPTIONS);
}

/** What is known of a model: its table, fields, key, order. Throws where it belongs to no installed app. */
export function optionsOf(model: ModelType): Options {
  if (Object.hasOwn(model, OPTIONS)) return model[OPTIONS] as Options;
  throw new ImproperlyConfigured(
    `The model ${model.name} belongs to no installed app. Export it from the module that its app's app.ts names ` +
      `(defineApp({ models: () => import("./models.ts") })), and have that app in installedApps of settings.ts. ` +
      `Before "await setup(settings)" no model can be used.`,
  );
}
