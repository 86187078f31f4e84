import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../helpers/process.ts";
import { Project } from "../helpers/project.ts";
import { temporaryDirectory } from "../helpers/temporary-directory.ts";
import { userEnv } from "../helpers/user.ts";

describe("bad input", () => {
  let project: Project;
  const tsjango = (...words: string[]) => project.run([join(project.directory, "node_modules/.bin/tsjango"), ...words]);

  beforeAll(async () => {
    project = await Project.make();
  });
  afterAll(() => project?.[Symbol.dispose]());

  test("an unknown command names the nearest", async () => {
    const { code, output } = await tsjango("runservr");
    expect(code).toBe(2);
    expect(output).toContain("runserver");
  });

  test("an unknown option names the nearest", async () => {
    const { code, output } = await tsjango("serve", "--worker", "2");
    expect(code).toBe(2);
    expect(output).toContain("--workers");
  });

  test("an unknown setting names the nearest", async () => {
    const settings = project.read("mysite/settings.ts");
    project.write("mysite/settings.ts", settings.replace("allowedHosts:", "alowedHosts:"));
    try {
      const { code, output } = await tsjango("check");
      expect(code).toBe(2);
      expect(output).toMatch(/alowedHosts[\s\S]*allowedHosts/);
    } finally {
      project.write("mysite/settings.ts", settings);
    }
  });

  test("startproject refuses a directory that is not empty, naming what is in the way", async () => {
    const before = readdirSync(project.directory).sort();
    const { code, output } = await tsjango("startproject", "other", ".");
    expect(code).toBe(1);
    expect(output).toMatch(/is not empty: it has .*\.env/);
    expect(readdirSync(project.directory).sort()).toEqual(before);
  });

  test.each(["My-Site", "1site", "test", "tsjango", "fs", "../up"])(
    "startproject refuses the name %s",
    async (name) => {
      using place = temporaryDirectory();
      const bin = join(project.directory, "node_modules/.bin/tsjango");
      const { code, output } = await run([bin, "startproject", name], { cwd: place.path, env: project.env });
      expect(code).toBe(1);
      expect(output).toContain(name);
      expect(readdirSync(place.path)).toEqual([]);
    },
  );

  test("without a network the project stays, and the message says how to go on", async () => {
    using place = temporaryDirectory();
    const env = userEnv({
      env: { npm_config_registry: "http://127.0.0.1:9/", npm_config_fetch_retries: "0", npm_config_cache: place.path },
    });
    const home = join(place.path, "home");
    mkdirSync(home);
    const bin = join(project.directory, "node_modules/.bin/tsjango");
    const { code, output } = await run([bin, "startproject", "lonely"], { cwd: home, env });
    expect(code).toBe(1);
    expect(output).toContain("cd lonely && npm install");
    expect(existsSync(join(home, "lonely/mysite"))).toBe(false);
    expect(readFileSync(join(home, "lonely/lonely/settings.ts"), "utf8")).toContain("defineSettings");
  });

  test.each(["runserver", "serve", "serve -w 2"])("%s says that the port is taken", async (words) => {
    const holder = createServer();
    await new Promise<void>((done) => holder.listen(0, "127.0.0.1", done));
    const { port } = holder.address() as { port: number };
    const bin = join(project.directory, "node_modules/.bin/tsjango");
    const { code, output } = await project.run([bin, ...words.split(" ")], { PORT: String(port) });
    holder.close();
    expect(code, output).toBe(1);
    expect(output).toContain(`Port ${port} is already in use`);
  });

  test("a command of a project says outside of one how to make it", async () => {
    using place = temporaryDirectory();
    writeFileSync(join(place.path, "notes.txt"), "");
    const bin = join(project.directory, "node_modules/.bin/tsjango");
    const { code, output } = await run([bin, "migrate"], { cwd: place.path, env: project.env });
    expect(code).not.toBe(0);
    expect(output).toContain("startproject");
  });
});
