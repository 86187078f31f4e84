import type { SettingsOverrides } from "@tsjango/kernel/conf";
import { changeSettings } from "./application.ts";
import { atTestEnd } from "./at-test-end.ts";

/**
 * Changes settings until the end of the test, or for the length of `body`; requests of `client` see them, too. They are
 * checked as those in settings.ts are. Tests of one file that run concurrently share them.
 * Source: https://docs.djangoproject.com/en/5.2/topics/testing/tools/#overriding-settings
 * @throws ImproperlyConfigured
 * @example
 * await overrideSettings({ appendSlash: false });
 * expect(await client.get("/books")).toHaveStatus(404);
 */
export async function overrideSettings<T = void>(
  changes: SettingsOverrides,
  body?: () => Promise<T> | T,
): Promise<T | undefined> {
  const undo = await changeSettings(changes);
  if (body === undefined) {
    atTestEnd("overrideSettings", undo);
    return undefined;
  }
  try {
    return await body();
  } finally {
    undo();
  }
}
