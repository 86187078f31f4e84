import { getAsgiApplication } from "@tsjango/core/application";
import type { AsgiApplication } from "@tsjango/core/asgi";
import type { Settings } from "@tsjango/kernel/conf";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";

let settings: Settings | undefined;
let application: Promise<AsgiApplication> | undefined;

/** Tells which settings the tests of this worker run with. */
export function useTestSettings(chosen: Settings): void {
  settings = chosen;
  application = undefined;
}

/** The project's application, made when a test first asks for it. */
export function testApplication(): Promise<AsgiApplication> {
  if (settings === undefined) {
    throw new ImproperlyConfigured(
      'The tests run without their project. Run them with "tsjango test", or put the plugin into vitest.config.ts: ' +
        'import tsjango from "tsjango/test/config"; export default defineConfig({ plugins: [tsjango()] }).',
    );
  }
  application ??= getAsgiApplication(settings);
  return application;
}
