import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Running, run, Site } from "./support/site.ts";
import { use } from "./support/use.ts";

let site: Site;
let outside: string;

beforeAll(async () => {
  site = await Site.make();
  outside = await mkdtemp(join(tmpdir(), "tsjango-outside-"));
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
  await rm(outside, { recursive: true });
});

describe("tsjango", { timeout: 30_000 }, () => {
  test("prints help and version without a project", async () => {
    const [help, none, version] = await Promise.all([run(outside, ["--help"]), run(outside, []), run(outside, ["-v"])]);
    expect(help.code).toBe(0);
    expect(help.stdout).toMatch(/runserver +Starts the development server/);
    expect(none.stdout).toBe(help.stdout);
    expect(version).toMatchObject({ code: 0, stdout: "9.8.7\n" });
  });

  test("does not load the settings for help", async () => {
    const broken = join(outside, "no-such-settings.ts");
    expect(await run(site.directory, ["--help", "--settings", broken])).toMatchObject({ code: 0, stderr: "" });
    expect(await run(site.directory, ["check", "--help", "--settings", broken])).toMatchObject({ code: 0, stderr: "" });
  });

  test("helps in the order of a bare Node's start", async () => {
    const time = async (words: string[], script?: string) => {
      const start = performance.now();
      await once(
        spawn(process.execPath, script === undefined ? words : [...process.execArgv, script, ...words]),
        "close",
      );
      return performance.now() - start;
    };
    const bin = join(import.meta.dirname, "support/bin.ts");
    const bare = Math.min(await time(["-e", "0"]), await time(["-e", "0"]), await time(["-e", "0"]));
    const help = Math.min(await time(["--help"], bin), await time(["--help"], bin), await time(["--help"], bin));
    expect(help).toBeLessThan(bare * 10 + 300);
  });

  test("names the nearest command and exits with 2", async () => {
    const inside = await run(site.directory, ["gret", "Bob"]);
    expect(inside).toMatchObject({ code: 2, stdout: "" });
    expect(inside.stderr).toContain('Unknown command "gret". Did you mean "greet"?');
    const unknown = await run(outside, ["runsrver"]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('Unknown command "runsrver". Did you mean "runserver"?');
  });

  test("names the nearest option and exits with 2", async () => {
    const wrong = await run(site.directory, ["check", "--deplo"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(
      /Unknown option '--deplo'[\s\S]*Did you mean --deploy\?[\s\S]*See "tsjango check --help"/,
    );
    expect((await run(outside, ["--setings", "x"])).code).toBe(2);
    expect((await run(site.directory, ["greet"])).stderr).toContain("Missing required argument 'name'");
    expect((await run(site.directory, ["version", "extra"])).code).toBe(2);
  });

  test("runs the commands of a project's apps with their arguments and options", async () => {
    const { code, stdout, stderr } = await run(site.directory, ["greet", "Bob", "--loud", "--times", "2"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe("HELLO, BOB!\nHELLO, BOB!\ndebug true, in the project\n");
    expect((await run(site.directory, ["greet", "Bob", "--no-name"])).stdout).toContain("Hello!\n");
  });

  test("finds a project through --settings, before or after the command", async () => {
    const settings = join(site.directory, "mysite/settings.ts");
    expect((await run(outside, ["--settings", settings, "greet", "Al"])).stdout).toContain("Hello, Al!");
    expect((await run(outside, ["greet", "Al", `--settings=${settings}`])).stdout).toContain("Hello, Al!");
  });

  test("says how to get a project where there is none", async () => {
    const { code, stderr } = await run(outside, ["check"]);
    expect(code).toBe(1);
    expect(stderr).toContain("There is no tsjango project in");
    expect(stderr).toContain('make one with "tsjango startproject mysite"');
  });

  test("stops at errors among the system checks, and only reports warnings", async () => {
    const stopped = await run(site.directory, ["greet", "Bob"], { CHECK_ID: "site.E001" });
    expect(stopped).toMatchObject({ code: 1, stdout: "" });
    expect(stopped.stderr).toContain("site: (site.E001) the site is odd.\n\tHINT: Even it.");
    const warned = await run(site.directory, ["greet", "Bob"], { CHECK_ID: "site.W001" });
    expect(warned.code).toBe(0);
    expect(warned.stderr).toContain("WARNINGS:\nsite: (site.W001)");
  });

  test("prints made errors without a stack, with --traceback with it, and others always with it", async () => {
    const made = await run(outside, ["check"]);
    expect(made.stderr).not.toMatch(/^ +at /m);
    expect((await run(outside, ["check", "--traceback"])).stderr).toMatch(/^ +at /m);
    const other = await run(site.directory, ["greet", "nobody"]);
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/Error: there is nobody\n +at /);
  });

  test("ends quietly when its reader goes away", async () => {
    const running = use(new Running(site.directory, ["greet", "Bob", "--times", "20000"]));
    running.child.stdout?.once("data", () => running.child.stdout?.destroy());
    expect((await running.exit).code).toBe(0);
    expect(running.stderr).toBe("");
  });

  test("ends with 130 and 143 on signals", async () => {
    const endless = ["shell", "-c", "console.log('up'); setInterval(() => {}, 1000); await new Promise(() => {})"];
    for (const [signal, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      const running = use(new Running(site.directory, endless));
      await running.until(() => running.stdout.includes("up"));
      running.child.kill(signal);
      expect(await running.exit).toEqual({ code, signal: null });
    }
  });
});
