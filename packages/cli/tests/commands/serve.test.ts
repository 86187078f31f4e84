import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { get, Running, run, Site, TERMINAL } from "../support/site.ts";
import { use } from "../support/use.ts";

const bind = ["--bind", "127.0.0.1:0"];

describe("serve", { timeout: 120_000 }, () => {
  test.each([1, 2])(
    "serves the project with %i worker(s), and ends with 0 on SIGTERM when requests are done",
    async (count) => {
      const site = use(await Site.make());
      const words = ["serve", "mysite.asgi:application", ...bind, "-w", String(count)];
      const server = use(new Running(site.directory, words));
      const url = await server.url();
      await server.until(() =>
        server.stderr.includes(`Serving mysite.asgi:application at ${url} with ${count} worker`),
      );
      expect(await get(url)).toEqual({ status: 200, text: "first version" });
      const slow = get(`${url}slow/`);
      await server.until(() => server.stdout.includes("slow begins"));
      server.child.kill("SIGTERM");
      expect((await slow).text).toBe("slow answer");
      expect(await server.exit).toEqual({ code: 0, signal: null });
      expect(server.stdout).toContain('"GET /slow/ HTTP/1.1" 200');
      await expect(get(url)).rejects.toThrow();
    },
  );

  test("says what it does in the log: start, workers, end; plainly on a terminal", async () => {
    const site = use(await Site.make());
    await site.edit("mysite/settings.ts", "debug: true", 'debug: false, logging: { file: "site.log" }');
    const read = (name: string) => {
      const lines = readFileSync(join(site.directory, name), "utf8").split("\n").filter(Boolean);
      return lines.map((line) => JSON.parse(line));
    };
    const messages = (name: string) => read(name).map(({ message }) => message);
    const server = use(new Running(site.directory, ["serve", "mysite.asgi:application", ...bind, "--no-access-log"]));
    const file = join(site.directory, "site.log");
    const first = await server.until(() => existsSync(file) && read("site.log")[0]);
    expect(first).toMatchObject({ level: "info", channel: "tsjango.server", pid: server.child.pid });
    expect(first.message).toMatch(/^Serving mysite.asgi:application at http:\S+ with 1 worker. Quit with Ctrl-C.$/);
    const [worker = 0] = server.children();
    process.kill(worker, "SIGKILL");
    await server.until(() => messages("site.log").some((message) => /^Worker \d+ serves\.$/.test(message)));
    expect(messages("site.log")).toContain(`Worker ${worker} ended with SIGKILL.`);

    // Workers have the same file open.
    await rename(file, `${file}.1`);
    server.child.kill("SIGUSR1");
    await server.until(() => existsSync(file));
    const { port } = new URL(/http:\S+/.exec(first.message)?.[0] ?? "");
    await server.until(async () => {
      await once(request({ port, headers: { host: "elsewhere.example" } }).end(), "response");
      return read("site.log").some(({ channel }) => channel === "tsjango.security.DisallowedHost");
    });
    server.child.kill("SIGTERM");
    expect((await server.exit).code).toBe(0);
    expect(server.stdout + server.stderr).toBe("");

    const shown = use(new Running(site.directory, ["serve", "mysite.asgi:application", ...bind], {}, TERMINAL));
    await shown.url();
    for (const pid of shown.children()) process.kill(pid, "SIGTERM");
    expect((await shown.exit).code).toBe(0);
    expect(shown.stdout).toMatch(/^Serving mysite.asgi:application at http:/);
  });

  test("takes the project's application where none is named", async () => {
    const site = use(await Site.make());
    const server = use(new Running(site.directory, ["serve", ...bind, "--no-access-log"]));
    expect((await get(await server.url())).status).toBe(200);
    server.child.kill("SIGTERM");
    expect((await server.exit).code).toBe(0);
    expect(server.stdout).not.toContain("GET /");
  });

  test("refuses the switched-off async guard unless debug is on", async () => {
    const site = use(await Site.make());
    const unsafe = { TSJANGO_ALLOW_ASYNC_UNSAFE: "1" };
    {
      const allowed = use(new Running(site.directory, ["serve", ...bind], unsafe));
      expect((await get(await allowed.url())).status).toBe(200);
    }
    await site.edit("mysite/settings.ts", "debug: true", "debug: false");
    const { code, stderr } = await run(site.directory, ["serve", ...bind], unsafe);
    expect(code).toBe(1);
    expect(stderr).toContain("TSJANGO_ALLOW_ASYNC_UNSAFE is set: the async guard is off. It is for development only.");
  });

  test("exits with 3 and the cause when the application does not boot, with 1 when there is none", async () => {
    const site = use(await Site.make());
    await site.edit("mysite/urls.ts", "export const", 'throw new Error("no urls today");\nexport const');
    const boot = await run(site.directory, ["serve", ...bind]);
    expect(boot.code).toBe(3);
    expect(boot.stderr).toMatch(/Importing mysite\/asgi\.ts failed: no urls today[\s\S]* at .*urls\.ts:4/);
    const missing = await run(site.directory, ["serve", "mysite.agsi:application", ...bind]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("tried mysite/agsi.ts and mysite/agsi.js. There is mysite/");
  });

  test("checks and prints its configuration, from the server file and the flags", async () => {
    const site = use(await Site.make());
    const file = 'export default { workers: 3, timeout: 5, maxMemory: "1gb" };';
    await writeFile(join(site.directory, "tsjango.server.mjs"), file);
    const { code, stdout } = await run(site.directory, ["serve", "-w", "2", "--check-config", "--print-config"]);
    expect(code).toBe(0);
    expect(stdout).toContain("workers = 2 (flag)");
    expect(stdout).toContain("timeout = 5 (file)");
    expect(stdout).toContain("maxMemory = 1073741824 (file)");
    expect(stdout).toContain("gracefulTimeout = 30 (default)");
    expect(stdout).toContain("The configuration is good, and the application can be imported.");
    await site.edit("mysite/urls.ts", "export const", 'throw new Error("no urls today");\nexport const');
    expect((await run(site.directory, ["serve", "--check-config"])).code).toBe(3);
  });

  test("refuses wrong numbers and addresses with 2", async () => {
    const site = use(await Site.make());
    const workers = await run(site.directory, ["serve", "-w", "none"]);
    expect(workers).toMatchObject({ code: 2 });
    expect(workers.stderr).toContain('--workers takes a number from 1, or auto; found "none".');
    expect((await run(site.directory, ["serve", "--bind", "127.0.0.1:99999"])).stderr).toContain("99999 is no port");
  });
});
