import { getTemplateEngine } from "@tsjango/core/template";
import { isConfigured } from "@tsjango/kernel/conf";
import { expect, test } from "vitest";
import { warmUp } from "../../src/reloader/warm-up.ts";

test("a process that is warmed up knows no settings, no templates, and warns of nothing", async () => {
  const warnings: Error[] = [];
  const noted = (warning: Error) => warnings.push(warning);
  process.on("warning", noted);
  await warmUp();
  await warmUp();
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", noted);
  expect(isConfigured()).toBe(false);
  expect(() => getTemplateEngine()).toThrow("not set up yet");
  expect(warnings).toEqual([]);
});
