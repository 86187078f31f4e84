import { defineApp } from "@tsjango/kernel/apps";
import { type CheckLevel, isAtLeast, runChecks } from "@tsjango/kernel/checks";
import { type Settings, settingsDefiner } from "@tsjango/kernel/conf";
import { expect, test } from "vitest";

const message = (id: string, level: CheckLevel = "error") => ({ id, level, message: id });
const settings = settingsDefiner([])({
  baseDir: "/srv",
  secretKey: "s",
  silencedSystemChecks: ["shop.W002"],
  installedApps: [
    defineApp({
      name: "shop",
      checks: [
        { tags: ["models"], run: () => [message("shop.E001"), message("shop.W002", "warning")] },
        { tags: ["security"], deploy: true, run: async () => [message("shop.E003")] },
        { tags: ["migrations"], asked: true, run: () => [message("shop.W004")] },
      ],
    }),
  ],
}) as Settings;

const ids = async (options: Parameters<typeof runChecks>[1]) =>
  (await runChecks(settings, options)).map(({ id }) => id);

test("runs the checks of installed apps, less deploy checks and silenced messages", async () => {
  expect(await ids({})).toEqual(["shop.E001"]);
  expect(await ids({ deploy: true })).toEqual(["shop.E001", "shop.E003"]);
  expect(await ids({ deploy: true, tags: ["security"] })).toEqual(["shop.E003"]);
  expect(await ids({ asked: true })).toEqual(["shop.E001", "shop.W004"]);
});

test("orders levels", () => {
  expect(isAtLeast("error", "warning")).toBe(true);
  expect(isAtLeast("info", "warning")).toBe(false);
});
