import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_SETTINGS } from "@tsjango/server";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { flagsOfTable, resolveOptions } from "../../src/serving/resolve-options.ts";
import { findServerFile, readServerFile } from "../../src/serving/server-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tsjango-server-file-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
});
afterEach(() => vi.unstubAllEnvs());

function read(source: string) {
  const file = join(directory, "tsjango.server.ts");
  writeFileSync(file, source);
  return readServerFile(file, directory, 0);
}

describe("a server file", () => {
  test("holds settings of every kind, and hooks", async () => {
    const { settings, application } = await read(`export default {
      application: "shop.asgi:application", bind: ["unix:/run/shop.sock", "[::1]:8000"], workers: "auto", timeout: 1.5,
      maxMemory: "512mb", maxRequests: 1000, health: "/healthz", accessLog: false, lifespan: "on", whenReady() {},
    };`);
    expect(application).toBe("shop.asgi:application");
    expect(settings).toEqual({
      bind: ["unix:/run/shop.sock", "[::1]:8000"],
      workers: "auto",
      timeout: 1.5,
      maxMemory: 512 * 2 ** 20,
      maxRequests: 1000,
      health: "/healthz",
      accessLog: false,
      lifespan: "on",
    });
  });

  test.each([
    ["{ worker: 4 }", 'tsjango.server.ts: there is no option "worker". Did you mean "workers"?'],
    ["{ postfork() {} }", 'tsjango.server.ts: there is no option "postfork". Did you mean "postFork"?'],
    ["{ workers: 0 }", "tsjango.server.ts: workers takes a number from 1, or auto; found 0."],
    ["{ maxMemory: '1 tb' }", 'tsjango.server.ts: maxMemory takes a size, such as 512mb; found "1 tb".'],
    ["{ accessLog: 'no' }", 'tsjango.server.ts: accessLog takes true or false; found "no".'],
    ["{ bind: [] }", "tsjango.server.ts: bind takes a list of texts; found []."],
    ["{ whenReady: 1 }", "tsjango.server.ts: whenReady takes a function; found 1."],
    ["{ application: 1 }", "tsjango.server.ts: application takes a string; found 1."],
    ["undefined", "tsjango.server.ts has no default export."],
  ])("with a mistake is refused: %s", async (content, message) => {
    await expect(read(`export default ${content};`)).rejects.toThrow(message);
  });

  test("that throws is told with its reason", async () => {
    await expect(read('throw new Error("no such secret");')).rejects.toThrow(
      "Importing tsjango.server.ts failed: no such secret",
    );
  });

  test("is found in the project, or where --config says", () => {
    expect(findServerFile(undefined, "/", directory)).toBe(undefined);
    writeFileSync(join(directory, "tsjango.server.js"), "export default {};");
    expect(findServerFile(undefined, "/", directory)).toBe(join(directory, "tsjango.server.js"));
    expect(() => findServerFile("other.ts", directory, directory)).toThrow(
      `There is no file ${join(directory, "other.ts")} (--config).`,
    );
  });
});

describe("options", () => {
  const resolve = (
    flags: Record<string, unknown>,
    settings: Partial<typeof DEFAULT_SETTINGS> = {},
    port?: string | undefined,
  ) =>
    resolveOptions({
      flags,
      port,
      file: { file: "/site/tsjango.server.ts", settings },
      application: "mysite.asgi:application",
      cwd: "/site",
    });

  test("of flags win over the file, the file over the environment, and that over defaults", () => {
    vi.stubEnv("WEB_CONCURRENCY", "3");
    vi.stubEnv("PORT", undefined);
    expect(resolve({}).options).toMatchObject({ workers: 3, bind: ["127.0.0.1:8000"], timeout: 30 });
    expect(resolve({}).sources).toMatchObject({ workers: "environment", bind: "default", timeout: "default" });
    expect(resolve({}, { workers: 4, accessLog: true }).options).toMatchObject({ workers: 4, accessLog: true });
    const { options, sources } = resolve({ workers: 5, accessLog: true }, { workers: 4, accessLog: true });
    expect(options).toMatchObject({ workers: 5, accessLog: false, configFile: "/site/tsjango.server.ts" });
    expect(sources).toMatchObject({ workers: "flag", accessLog: "flag" });
  });

  test("PORT and --port are ports of the one address", () => {
    vi.stubEnv("PORT", "9000");
    expect(resolve({}).options.bind).toEqual(["127.0.0.1:9000"]);
    expect(resolve({}, {}, "9001").options.bind).toEqual(["127.0.0.1:9001"]);
    expect(resolve({ bind: ["[::1]:1"] }, {}, "9001").options.bind).toEqual(["[::1]:9001"]);
    expect(() => resolve({ bind: ["unix:/x", "localhost"] }, {}, "9001")).toThrow(
      "--port is for one address of a host",
    );
  });

  test("that make no sense are refused", () => {
    vi.stubEnv("WEB_CONCURRENCY", "many");
    expect(() => resolve({})).toThrow(
      'The environment variable WEB_CONCURRENCY takes a number from 1, or auto; found "many".',
    );
    vi.stubEnv("WEB_CONCURRENCY", undefined);
    expect(() => resolve({ bind: ["localhost:70000"] })).toThrow("70000 is no port");
    expect(() => flagsOfTable().maxMemory.parse?.("much")).toThrow(
      '--max-memory takes a size, such as 512mb; found "much".',
    );
  });

  test("have a flag for each setting, whose help names the shipped default", () => {
    const flags = flagsOfTable();
    expect(Object.keys(flags).sort()).toEqual(Object.keys(DEFAULT_SETTINGS).sort());
    for (const key of ["timeout", "startupTimeout", "gracefulTimeout", "drainDelay", "maxRequests"] as const) {
      expect(flags[key].description).toContain(`(default: ${DEFAULT_SETTINGS[key]})`);
    }
  });
});
