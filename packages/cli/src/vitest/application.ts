import { assembleApplication } from "@tsjango/core/application";
import type { AsgiApplication } from "@tsjango/core/asgi";
import { getTemplateEngine, setTemplateEngine } from "@tsjango/core/template";
import { getUrlResolver, setUrlResolver } from "@tsjango/core/urls";
import { replaceSettings, type Settings, type SettingsOverrides, settings } from "@tsjango/kernel/conf";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";

/** What a project has been set up with once; the connections and models of the worker hang on it. */
const FIXED: readonly string[] = ["installedApps", "databases", "baseDir"];

let current: { readonly settings: Settings; application?: Promise<AsgiApplication> } | undefined;

/** Tells which settings the tests of this worker run with. */
export function useTestSettings(chosen: Settings): void {
  current = { settings: chosen };
}

/** The project's application, made when a test first asks for it. */
export function testApplication(): Promise<AsgiApplication> {
  if (current === undefined) {
    throw new ImproperlyConfigured(
      'The tests run without their project. Run them with "tsjango test", or put the plugin into vitest.config.ts: ' +
        'import tsjango from "tsjango/test/config"; export default defineConfig({ plugins: [tsjango()] }).',
    );
  }
  current.application ??= assembleApplication(current.settings);
  return current.application;
}

/** Changes settings for the code under test and for the application; returns what undoes it. */
export async function changeSettings(changes: SettingsOverrides): Promise<() => void> {
  const fixed = Object.keys(changes).filter((key) => FIXED.includes(key));
  if (fixed.length > 0) {
    throw new ImproperlyConfigured(
      `overrideSettings cannot change ${fixed.join(", ")}: the worker is set up with it. ` +
        "Put another value into the project's settings.ts, where tests are told by an environment variable.",
    );
  }
  // Made first, so that there are URL patterns and templates to go back to.
  await testApplication();
  const former = { current, templates: getTemplateEngine(), resolver: getUrlResolver() };
  const putBack = replaceSettings(changes);
  const undo = () => {
    putBack();
    current = former.current;
    setTemplateEngine(former.templates);
    setUrlResolver(former.resolver);
  };
  current = { settings: Object.freeze({ ...settings }) };
  try {
    await testApplication();
  } catch (error) {
    undo();
    throw error;
  }
  return undo;
}
