import { setup } from "@tsjango/kernel/apps";
import type { Settings } from "@tsjango/kernel/conf";
import type { AsgiApplication } from "./asgi/types.ts";
import { createAsgiApplication } from "./handlers/asgi-handler.ts";
import { createHandler } from "./handlers/base-handler.ts";
import { createTemplateEngine, setTemplateEngine } from "./template/engine.ts";
import { loadUrlconf } from "./urls/load-urlconf.ts";

/**
 * Sets a project up and makes its ASGI application, for `asgi.ts`.
 * @throws ImproperlyConfigured for what is wrong with settings, apps or URL patterns.
 * @example
 * export const application = await getAsgiApplication(settings);
 */
export async function getAsgiApplication(
  settings: Omit<Settings, "custom"> & { readonly custom: object },
): Promise<AsgiApplication> {
  const project = settings as Settings;
  await setup(project);
  const templates = createTemplateEngine(project);
  setTemplateEngine(templates);
  const resolver = await loadUrlconf(project);
  return createAsgiApplication(createHandler({ settings: project, resolver, templates }));
}
