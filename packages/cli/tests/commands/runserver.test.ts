import { once } from "node:events";
import { connect, createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { alive, get, Running, Site } from "../support/site.ts";
import { use } from "../support/use.ts";

const words = ["runserver", "127.0.0.1:0"];

describe("runserver", { timeout: 30_000 }, () => {
  test("says what it serves, answers, and logs requests", async () => {
    const site = use(await Site.make());
    const server = use(new Running(site.directory, words, { TSJANGO_ALLOW_ASYNC_UNSAFE: "1" }));
    const url = await server.url();
    expect(await get(url)).toEqual({ status: 200, text: "first version" });
    await server.until(() => /127\.0\.0\.1 - "GET \/ HTTP\/1\.1" 200 \d+ ms/.test(server.stdout));
    expect(server.stdout).toContain("Settings: mysite/settings.ts");
    expect(server.stdout).toContain("System check identified no issues (0 silenced).");
    expect(server.stdout).toContain("You have 1 unapplied migration(s).");
    expect(server.stderr).toContain("TSJANGO_ALLOW_ASYNC_UNSAFE is set: the async guard is off.");
  });

  test("shows an edit at once, and lets a request of the old version finish", async () => {
    const site = use(await Site.make());
    const server = use(new Running(site.directory, words));
    const url = await server.url();
    expect((await get(url)).text).toBe("first version");
    const slow = get(`${url}slow/`);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await site.edit("mysite/views.ts", "first version", "second version");
    await server.until(() => server.stdout.includes("mysite/views.ts changed, restarting."));
    expect(await get(url)).toEqual({ status: 200, text: "second version" });
    expect(await slow).toEqual({ status: 200, text: "slow answer" });
  });

  test("loses no request while it restarts", async () => {
    const site = use(await Site.make());
    const server = use(new Running(site.directory, words));
    const url = await server.url();
    await get(url);
    const answers: Promise<{ status: number; text: string }>[] = [];
    const timer = setInterval(() => answers.push(get(url)), 10);
    await site.edit("mysite/views.ts", "first version", "second version");
    await server.until(async () => (await get(url)).text === "second version");
    clearInterval(timer);
    const texts = (await Promise.all(answers)).map(({ status, text }) => `${status} ${text}`);
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.filter((text) => !/^200 (first|second) version$/.test(text))).toEqual([]);
  });

  test("shows a syntax error in the browser and the terminal, escaped, and recovers with the next save", async () => {
    const site = use(await Site.make());
    const server = use(new Running(site.directory, words));
    const url = await server.url();
    await get(url);
    await site.edit("mysite/views.ts", "export function home()", "const broken = <b>(;\nexport function home()");
    const page = await server.until(async () => {
      const answer = await get(url);
      return answer.status === 500 && answer.text;
    });
    expect(page).toContain("SyntaxError");
    expect(page).toMatch(/mysite\/views\.ts, line 4</);
    expect(page).toContain('<span class="hit">    4  const broken = &lt;b&gt;(;</span>');
    expect(page).not.toContain("<b>");
    expect(server.stderr).toMatch(/views\.ts:4\n/);
    await site.edit("mysite/views.ts", "const broken = <b>(;\n", "");
    await server.until(async () => (await get(url)).text === "first version");
  });

  test("sends a connection that was opened before the recovery on, and closes idle ones at the end", async () => {
    const site = use(await Site.make());
    await site.edit("mysite/views.ts", "export function home()", "syntax error");
    const server = use(new Running(site.directory, words));
    const url = await server.url();
    await server.until(async () => (await get(url)).status === 500);
    const [early, idle] = [connect(Number(new URL(url).port)), connect(Number(new URL(url).port))];
    await Promise.all([once(early, "connect"), once(idle, "connect")]);
    idle.resume().on("error", () => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await site.edit("mysite/views.ts", "syntax error", "export function home()");
    await server.until(async () => (await get(url)).text === "first version");
    early.write("GET //pid/?a=1 HTTP/1.1\r\nhost: x\r\n\r\n");
    let answer = "";
    for await (const data of early) answer += data;
    expect(answer).toMatch(/^HTTP\/1\.1 307 [\s\S]*location: \/pid\/\?a=1\r\n/i);
    server.child.kill("SIGTERM");
    expect((await server.exit).code).toBe(0);
  });

  test("shows wrong settings and failed system checks on the page", async () => {
    const site = use(await Site.make());
    await site.edit("mysite/settings.ts", "debug: true,", "debug: true, debgu: 1,");
    const server = use(new Running(site.directory, words, { CHECK_ID: "site.E001" }));
    const url = await server.url();
    const wrong = await get(url);
    expect(wrong.status).toBe(500);
    expect(wrong.text).toContain("debgu: there is no such setting. Did you mean &quot;debug&quot;?");
    await site.edit("mysite/settings.ts", " debgu: 1,", "");
    const checked = await server.until(async () => {
      const answer = await get(url);
      return !answer.text.includes("debgu") && answer;
    });
    expect(checked.status).toBe(500);
    expect(checked.text).toContain("site: (site.E001) the site is odd.");
  });

  test("says when the site's process ended by itself, and starts it again with the next save", async () => {
    const site = use(await Site.make());
    const server = use(new Running(site.directory, words));
    const url = await server.url();
    await get(url);
    await expect(get(`${url}crash/`)).rejects.toThrow();
    const page = await server.until(async () => {
      // Until the end is noticed, connections may still be handed to the process that is gone: they are cut.
      const answer = await get(url).catch(() => undefined);
      return answer?.status === 500 && answer.text;
    });
    expect(page).toContain("ended by itself (exit code 7)");
    await site.edit("mysite/views.ts", "first version", "after the crash");
    await server.until(async () => (await get(url)).text === "after the crash");
  });

  test.each([["SIGINT"], ["SIGTERM"]] as const)(
    "ends with 0 on %s, with no process left and the port free",
    async (signal) => {
      const site = use(await Site.make());
      const server = use(new Running(site.directory, words));
      const url = await server.url();
      const pid = Number((await get(`${url}pid/`)).text);
      expect(pid).not.toBe(server.child.pid);
      server.child.kill(signal);
      expect(await server.exit).toEqual({ code: 0, signal: null });
      expect(alive(pid)).toBe(false);
      await expect(get(url)).rejects.toThrow();
    },
  );

  test("leaves no orphan when it is killed", async () => {
    const site = use(await Site.make());
    const server = use(new Running(site.directory, words));
    const pid = Number((await get(`${await server.url()}pid/`)).text);
    server.child.kill("SIGKILL");
    await server.exit;
    await expect.poll(() => alive(pid), { timeout: 3_000 }).toBe(false);
  });

  test("names a taken port and exits with 1", async () => {
    const site = use(await Site.make());
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    const server = use(new Running(site.directory, ["runserver", String(port)]));
    expect((await server.exit).code).toBe(1);
    expect(server.stderr).toContain(`Port ${port} is already in use on 127.0.0.1.`);
    other.close();
  });

  test("serves in one process with --noreload", async () => {
    const site = use(await Site.make());
    const server = use(new Running(site.directory, [...words, "--noreload"]));
    const url = await server.url();
    expect(Number((await get(`${url}pid/`)).text)).toBe(server.child.pid);
    server.child.kill("SIGTERM");
    expect((await server.exit).code).toBe(0);
  });
});
