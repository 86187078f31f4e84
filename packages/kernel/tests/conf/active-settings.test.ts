import { configure, isConfigured, settings, settingsDefiner } from "@tsjango/kernel/conf";
import { expect, test } from "vitest";

const define = settingsDefiner([]);

test("settings are refused before they are loaded, readable after, and never writable", () => {
  expect(isConfigured()).toBe(false);
  expect(() => settings.debug).toThrow(/read before they were loaded.*setup\(settings\)/);
  configure(define({ baseDir: "/srv", secretKey: "s", custom: { pageSize: 20 } }));
  expect(settings.debug).toBe(false);
  expect(settings.custom).toEqual({ pageSize: 20 });
  expect(Object.keys(settings)).toContain("timeZone");
  expect(() => (settings as unknown as Record<string, unknown>)["debgu"]).toThrow(
    'There is no setting "debgu". Did you mean "debug"?',
  );
  expect(() => Object.assign(settings, { debug: true })).toThrow(/read-only/);
});
