import { join } from "node:path";
import { findProject, loadSettings } from "@tsjango/kernel/conf";
import { afterEach, describe, expect, test } from "vitest";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const manifest = JSON.stringify({ type: "module", tsjango: { settings: "./mysite/settings.ts" } });

afterEach(() => {
  delete process.env["TSJANGO_SETTINGS"];
});

describe("findProject", () => {
  test("climbs to the package.json that names settings, past ones that do not", () => {
    const directory = temporaryDirectory({ "package.json": manifest, "packages/a/package.json": "{}" });
    expect(findProject(join(directory.path, "packages/a"))).toEqual({
      directory: directory.path,
      settingsFile: join(directory.path, "mysite/settings.ts"),
    });
  });
  test("finds nothing outside a project", () => {
    const directory = temporaryDirectory({ "package.json": "{}" });
    expect(findProject(directory.path)).toBeUndefined();
  });
  test("lets TSJANGO_SETTINGS override package.json, and an option both", () => {
    const directory = temporaryDirectory({ "package.json": manifest });
    process.env["TSJANGO_SETTINGS"] = "other.ts";
    expect(findProject(directory.path)?.settingsFile).toBe(join(directory.path, "other.ts"));
    expect(findProject(directory.path, { settings: "third.ts" })?.settingsFile).toBe(join(directory.path, "third.ts"));
  });
  test("names a package.json that is not JSON", () => {
    const directory = temporaryDirectory({ "package.json": "{" });
    expect(() => findProject(directory.path)).toThrow(`${join(directory.path, "package.json")} is not valid JSON`);
  });
});

describe("loadSettings", () => {
  test("says where the file is named when it is missing", async () => {
    const directory = temporaryDirectory({ "package.json": manifest });
    const project = findProject(directory.path);
    await expect(loadSettings(project!)).rejects.toThrow(/There is no settings file .*Correct "tsjango"/);
  });
  test("wants a default export made by defineSettings", async () => {
    const directory = temporaryDirectory({ "package.json": manifest, "mysite/settings.ts": "export const a = 1;" });
    const project = findProject(directory.path);
    await expect(loadSettings(project!)).rejects.toThrow('must have "export default defineSettings({ … })"');
  });
});
