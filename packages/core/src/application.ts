import { setup } from "@tsjango/kernel/apps";
import type { Settings } from "@tsjango/kernel/conf";
import type { AsgiApplication } from "./asgi/types.ts";
import { recordQueries } from "./debug/index.ts";
import { createAsgiApplication } from "./handlers/asgi-handler.ts";
import { createHandler } from "./handlers/base-handler.ts";
import { createWebSocketHandler } from "./handlers/websocket-handler.ts";
import { loadStaticFiles, setStaticFiles } from "./staticfiles/static-files.ts";
import { createTemplateEngine, setTemplateEngine } from "./template/engine.ts";
import { loadLibraries } from "./template/libraries.ts";
import { loadUrlconf } from "./urls/load-urlconf.ts";

/** Milliseconds after which a site that has just started has given its first answers. */
const SETTLED = 1_000;

/**
 * Sets a project up and makes its ASGI application, for `asgi.ts`.
 * @throws ImproperlyConfigured for what is wrong with settings, apps or URL patterns.
 * @example
 * export const application = await getAsgiApplication(settings);
 */
export async function getAsgiApplication(
  settings: Omit<Settings, "custom"> & { readonly custom: object },
): Promise<AsgiApplication> {
  return assembleApplication(await setup(settings as Settings));
}

/** Makes the application of a project that is set up, and puts its templates and URL patterns in force. */
export async function assembleApplication(settings: Settings): Promise<AsgiApplication> {
  const staticFiles = await loadStaticFiles(settings);
  setStaticFiles(staticFiles);
  const libraries = await loadLibraries(settings.installedApps);
  const templates = createTemplateEngine(settings, { libraries, staticUrl: staticFiles.url });
  setTemplateEngine(templates);
  if (settings.debug) recordQueries(settings.installedApps);
  const resolver = await loadUrlconf(settings);
  const site = { settings, resolver, templates, staticFiles };
  const { blockedLoopThreshold: threshold, debug: development } = settings;
  return createAsgiApplication(createHandler(site), createWebSocketHandler(site), {
    watch: { threshold, development, stacksAfter: SETTLED },
  });
}
