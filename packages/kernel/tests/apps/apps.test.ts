import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { AppRegistry, apps, defineApp, setup, tearDown } from "@tsjango/kernel/apps";
import { settingsDefiner, settings as settingsInForce } from "@tsjango/kernel/conf";
import { describe, expect, test } from "vitest";

describe("defineApp", () => {
  test("finds the directory of the file that calls it", () => {
    expect(defineApp({ name: "blog" }).path).toBe(dirname(fileURLToPath(import.meta.url)));
    expect(defineApp({ name: "blog", path: "/srv/blog" }).path).toBe("/srv/blog");
  });
  test("makes the label and the verbose name from the package's name", () => {
    expect(defineApp({ name: "@acme/web-shop" })).toMatchObject({ label: "web_shop", verboseName: "Web shop" });
  });
  test("refuses a label that cannot prefix a table", () => {
    expect(() => defineApp({ name: "blog", label: "Blog;" })).toThrow(
      /lower-case letters.*found string 'Blog;'.*label: "…"/,
    );
  });
});

describe("AppRegistry", () => {
  test("is not ready before it is loaded", () => {
    expect(() => new AppRegistry().all()).toThrow(/Apps are not loaded yet/);
  });
  test("loads each app's models module once, in order", async () => {
    const registry = new AppRegistry();
    await registry.load([defineApp({ name: "a", models: async () => ({ Book: 1 }) }), defineApp({ name: "b" })]);
    expect(registry.all().map((app) => [app.config.label, app.models])).toEqual([
      ["a", { Book: 1 }],
      ["b", {}],
    ]);
  });
  test("refuses two apps of one label, and names the nearest for an unknown one", async () => {
    const registry = new AppRegistry();
    await expect(registry.load([defineApp({ name: "a" }), defineApp({ name: "@x/a" })])).rejects.toThrow(
      /Two installed apps have the label "a"/,
    );
    await registry.load([defineApp({ name: "blog" })]);
    expect(() => registry.get("blgo")).toThrow(
      'No installed app has the label "blgo". Did you mean "blog"? Installed: blog.',
    );
  });
});

describe("setup", () => {
  const define = settingsDefiner([]);
  const base = { baseDir: "/srv", secretKey: "s" };

  test("calls ready() once, in order, after all models are loaded", async () => {
    const calls: string[] = [];
    const app = (name: string) =>
      defineApp({
        name,
        models: async () => {
          calls.push(`${name} models`);
          return {};
        },
        ready: () => {
          calls.push(`${name} ready ${apps.ready}`);
        },
      });
    const settings = define({ ...base, installedApps: [app("a"), app("b")] });
    await Promise.all([setup(settings), setup(settings)]);
    await setup(settings);
    expect(calls).toEqual(["a models", "b models", "a ready true", "b ready true"]);
  });
  test("with settings that others stand for keeps those in force", async () => {
    let times = 0;
    const own = define({ ...base, installedApps: [defineApp({ name: "a", ready: () => void times++ })] });
    const instead = { ...own, debug: true };
    expect(await setup(instead, { insteadOf: own })).toBe(instead);
    expect(await setup(own)).toBe(instead);
    expect([times, settingsInForce.debug]).toEqual([1, true]);
  });
  test("can be tried again after it failed", async () => {
    let broken = true;
    const settings = define({
      ...base,
      installedApps: [
        defineApp({
          name: "a",
          ready() {
            if (broken) throw new Error("not now");
          },
        }),
      ],
    });
    await expect(setup(settings)).rejects.toThrow("not now");
    broken = false;
    expect(await setup(settings)).toBe(settings);
  });
  test("is undone by tearDown(), last app first, once", async () => {
    const closed: string[] = [];
    const app = (name: string) =>
      defineApp({
        name,
        close: () => {
          closed.push(name);
        },
      });
    await setup(define({ ...base, installedApps: [app("a"), app("b")] }));
    await tearDown();
    await tearDown();
    expect(closed).toEqual(["b", "a"]);
  });
});
