import { defineApp } from "@tsjango/kernel/apps";
import { configure, replaceSettings, settings, settingsDefiner } from "@tsjango/kernel/conf";
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";

const shop = defineApp({ name: "shop", settings: { pageSize: z.int().positive().default(20) } });

beforeEach(() => {
  const made = settingsDefiner([shop])({ baseDir: "/srv/site", secretKey: "secret" });
  configure(made as typeof settings);
});

test("some settings are replaced, and put back", () => {
  const putBack = replaceSettings({ debug: true, silencedSystemChecks: ["a"] });
  expect([settings.debug, settings.silencedSystemChecks, settings.baseDir]).toEqual([true, ["a"], "/srv/site"]);
  const inner = replaceSettings({ debug: false });
  expect([settings.debug, settings.silencedSystemChecks]).toEqual([false, ["a"]]);
  inner();
  expect(settings.debug).toBe(true);
  putBack();
  expect([settings.debug, settings.silencedSystemChecks]).toEqual([false, []]);
});

test("wrong values and names are refused, and change nothing", () => {
  expect(() => replaceSettings({ debug: "yes" as never })).toThrow("debug: expected boolean, found string 'yes'.");
  expect(() => replaceSettings({ pageSize: 0 } as never)).toThrow("pageSize: ");
  expect(() => replaceSettings({ debgu: true } as never)).toThrow(/debgu: there is no such setting\..*debug/);
  expect(settings.debug).toBe(false);
});
