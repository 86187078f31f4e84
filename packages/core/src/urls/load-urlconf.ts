import type { Settings } from "@tsjango/kernel/conf";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import type {} from "../settings.ts";
import { errorHandlersOf } from "./error-handlers.ts";
import { UrlResolver } from "./resolver.ts";
import { setUrlResolver } from "./reverse.ts";

/**
 * Loads the setting `rootUrlconf` and puts its patterns in force.
 * @throws ImproperlyConfigured where the setting or its `urlpatterns` is missing.
 */
export async function loadUrlconf(settings: Settings): Promise<UrlResolver> {
  if (settings.rootUrlconf === undefined) {
    throw new ImproperlyConfigured('The setting rootUrlconf is missing. Add rootUrlconf: () => import("./urls.ts").');
  }
  const module: { urlpatterns?: unknown } | undefined = await settings.rootUrlconf();
  if (module?.urlpatterns === undefined) {
    throw new ImproperlyConfigured(
      'The module of the setting rootUrlconf must have "export const urlpatterns = urls(…)".',
    );
  }
  const resolver = new UrlResolver(module.urlpatterns as readonly unknown[], errorHandlersOf(module));
  setUrlResolver(resolver);
  return resolver;
}
