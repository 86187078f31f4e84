import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emptyDirectory } from "../support/made-project.ts";
import { run } from "../support/site.ts";
import { use } from "../support/use.ts";

describe("startproject", { timeout: 60_000 }, () => {
  test("makes a project, fast, and says what comes next", async () => {
    const parent = use(await emptyDirectory());
    const started = Date.now();
    const { code, stdout } = await run(parent.path, ["startproject", "shop", "--no-install"]);
    expect(Date.now() - started).toBeLessThan(5000);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Made the project shop in shop \(1\d files\)\./);
    expect(stdout).toMatch(/cd shop\n\s+npm install\n\s+npx tsjango migrate\n\s+npx tsjango runserver/);
    expect(existsSync(join(parent.path, "shop/shop/asgi.ts"))).toBe(true);
  });
  test("names the commands of the package manager that started it", async () => {
    const parent = use(await emptyDirectory());
    const env = { npm_config_user_agent: "pnpm/10.2.0 npm/? node/v26.1.0" };
    const { stdout } = await run(parent.path, ["startproject", "shop", ".", "--no-install", "--example"], env);
    expect(stdout).toMatch(/in this directory/);
    expect(stdout).toMatch(/Next:\n\n\s+pnpm install\n\s+pnpm tsjango migrate\n\s+pnpm tsjango loadbooks/);
  });
  test("refuses a directory with files in it, names them and writes nothing", async () => {
    const parent = use(await emptyDirectory());
    mkdirSync(join(parent.path, "shop"));
    writeFileSync(join(parent.path, "shop/notes.txt"), "mine");
    const { code, stderr } = await run(parent.path, ["startproject", "shop", "--no-install"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/shop is not empty: it has notes\.txt\. Nothing was written\./);
    expect(readdirSync(join(parent.path, "shop"))).toEqual(["notes.txt"]);
  });
  test("takes a directory that has nothing but a repository", async () => {
    const parent = use(await emptyDirectory());
    mkdirSync(join(parent.path, ".git"));
    expect(await run(parent.path, ["startproject", "shop", ".", "--no-install"])).toMatchObject({ code: 0 });
  });
  test("refuses an invalid name and writes nothing", async () => {
    const parent = use(await emptyDirectory());
    const { code, stderr } = await run(parent.path, ["startproject", "My-Shop", "--no-install"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('Try "my_shop".')]);
    writeFileSync(join(parent.path, "file"), "");
    const file = await run(parent.path, ["startproject", "shop", "file", "--no-install"]);
    expect([file.code, file.stderr]).toEqual([1, expect.stringContaining("file is a file.")]);
    expect(readdirSync(parent.path)).toEqual(["file"]);
  });
  test("answers bad usage with the usage and exit code 2", async () => {
    const parent = use(await emptyDirectory());
    for (const [words, message] of [
      [[], "It needs a name for the project."],
      [["a", "b", "c"], 'There is nothing to do with "c".'],
      [["a", "--exmaple"], "Unknown option '--exmaple'"],
    ] as const) {
      const { code, stderr } = await run(parent.path, ["startproject", ...words]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
      expect(stderr).toContain("Usage: tsjango startproject <name> [directory]");
    }
    expect(readdirSync(parent.path)).toEqual([]);
  });
  test("keeps the project when the installation fails, and says how to go on", async () => {
    const parent = use(await emptyDirectory());
    const env = {
      npm_config_registry: "http://127.0.0.1:9/",
      npm_config_fetch_retries: "0",
      npm_config_cache: join(parent.path, "cache"),
    };
    const { code, stderr } = await run(parent.path, ["startproject", "shop"], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /The project is made, but its packages are not installed: npm install ended with exit code 1\./,
    );
    expect(stderr).toContain("    cd shop && npm install\n");
    expect(readFileSync(join(parent.path, "shop/package.json"), "utf8")).toContain('"name": "shop"');
  });
});
