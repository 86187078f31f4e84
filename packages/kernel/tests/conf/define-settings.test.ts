import { defineApp } from "@tsjango/kernel/apps";
import { settingsDefiner } from "@tsjango/kernel/conf";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const shop = defineApp({ name: "shop", settings: { currency: z.enum(["EUR", "JPY"]).default("EUR") } });
const defineSettings = settingsDefiner([shop]);
const required = { baseDir: "/srv/site", secretKey: "s" };

function problem(input: object): string {
  try {
    defineSettings(input as typeof required);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the settings were accepted");
}

describe("defineSettings", () => {
  test("completes settings with the defaults of the kernel and of apps, built-in apps first", () => {
    const blog = defineApp({ name: "blog" });
    const settings = defineSettings({ ...required, installedApps: [blog] });
    expect(settings).toMatchObject({ debug: false, timeZone: "UTC", custom: {}, currency: "EUR" });
    expect(settings.installedApps.map((app) => app.label)).toEqual(["shop", "blog"]);
  });
  test("turns a URL into a directory without a trailing slash", () => {
    expect(defineSettings({ ...required, baseDir: new URL("file:///srv/site/") }).baseDir).toBe("/srv/site");
    expect(defineSettings({ ...required, baseDir: "file:///srv/a%20b/" }).baseDir).toBe("/srv/a b");
  });
  test("is frozen", () => {
    expect(Object.isFrozen(defineSettings(required))).toBe(true);
  });
  test("names the nearest setting for an unknown key", () => {
    expect(problem({ ...required, debgu: true })).toBe(
      'The settings are not valid:\n  - debgu: there is no such setting. Did you mean "debug"?',
    );
    expect(problem({ ...required, stripeEndpoint: "x" })).toContain('Settings of your own go under "custom".');
  });
  test("names the path, what was expected and what was found", () => {
    expect(problem({ ...required, debug: "yes" })).toContain("debug: expected boolean, found string 'yes'.");
    expect(problem({ ...required, silencedSystemChecks: ["a", 3] })).toContain(
      "silencedSystemChecks[1]: expected string, found number 3.",
    );
    expect(problem({ ...required, installedApps: ["blog"] })).toMatch(/installedApps\[1\]: expected an app/);
    expect(problem({ ...required, installedApps: "blog" })).toContain(
      "installedApps: expected array, found string 'blog'.",
    );
    expect(problem({ baseDir: "/srv" })).toContain("secretKey: expected string, found another value.");
  });
  test("never shows a secret", () => {
    expect(problem({ ...required, secretKey: ["hunter2"] })).not.toContain("hunter2");
  });
  test("is an error that a command exits with 2 on", () => {
    expect(() => defineSettings({ ...required, debug: 1 } as never)).toThrow(
      expect.objectContaining({ name: "InvalidSettings", code: "invalid_settings", exitCode: 2 }),
    );
  });
  test("reports all problems at once", () => {
    expect(problem({ ...required, debug: 1, timeZone: "Mars" }).split("\n")).toHaveLength(3);
  });
});
