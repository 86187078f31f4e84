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
    await server.until(() => /^\d\d:\d\d:\d\d GET \/ 200 [\d.]+ ms$/m.test(server.stdout));
    expect(server.stdout).toContain("Settings: mysite/settings.ts");
    await server.until(() => server.stdout.includes("System check identified no issues (0 silenced)."));
    await server.until(() => server.stdout.includes("You have 1 unapplied migration(s)."));
    await server.until(() => server.stderr.includes("TSJANGO_ALLOW_ASYNC_UNSAFE is set: the async guard is off."));
  });

  test("shows an edit at once, and lets a request of the old version finish", async () => {
    const site = use(await Site.make());
    const server = use(new Running(site.directory, words));
    const url = await server.url();
    expect((await get(url)).text).toBe("first version");
    const slow = get(`${url}slow/`);
    await server.until(() => server.stdout.includes("slow begins"));
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
    expect(page).toMatch(/mysite\/views\.ts, line 5</);
    expect(page).toContain('<span class="hit">    5  const broken = &lt;b&gt;(;</span>');
    expect(page).not.toContain("<b>");
    await server.until(() => /views\.ts:5\n/.test(server.stderr));
    await site.edit("mysite/views.ts", "const broken = <b>(;\n", "");
    await server.until(async () => (await get(url)).text === "first version");
  });

  test("a connection that was opened before a save is answered by what runs when its request comes; idle ones end with the server", async () => {
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
    early.write("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    let answer = "";
    for await (const data of early) answer += data;
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*first version$/);
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

  test("starts a site that ended by itself again at once; not a third time, until the next save", async () => {
    const site = use(await Site.make());
    const server = use(new Running(site.directory, words));
    const url = await server.url();
    const pids = new Set<string>();
    const crash = async () => {
      pids.add((await get(`${url}pid/`)).text);
      await expect(get(`${url}crash/`)).rejects.toThrow();
    };
    // Until the end is noticed, a connection may still be handed to the process that is gone: it is cut.
    const answer = (good: (answer: { status: number; text: string }) => boolean) =>
      server.until(async () => {
        const found = await get(url).catch(() => undefined);
        return found !== undefined && good(found) && found;
      });
    await crash();
    await answer(({ text }) => text === "first version");
    await crash();
    await answer(({ text }) => text === "first version");
    await crash();
    expect(pids.size).toBe(3);
    expect((await answer(({ status }) => status === 500)).text).toContain("ended by itself (exit code 7)");
    await server.until(() => server.stderr.includes("the next save starts it again"));
    await site.edit("mysite/views.ts", "first version", "after the crash");
    await answer(({ text }) => text === "after the crash");
  });

  test("shows what nobody caught to who waits for an answer, and goes on", async () => {
    const site = use(await Site.make());
    const server = use(new Running(site.directory, words));
    const url = await server.url();
    const page = await get(`${url}uncaught/`);
    expect(page.status).toBe(500);
    expect(page.text).toContain("&lt;b&gt;nobody&lt;/b&gt; caught this");
    expect(page.text).toMatch(/mysite\/views\.ts, line \d+</);
    expect(await get(url)).toEqual({ status: 200, text: "first version" });
    await server.until(() => /^mysite\/views\.ts:\d+\n[\s\S]*^> +\d+ +throw new Error/m.test(server.stderr));
  });

  test("hands each byte of a body on, in order", async () => {
    const site = use(await Site.make());
    const server = use(new Running(site.directory, words));
    const url = await server.url();
    const body = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251));
    const sum = body.reduce((total, byte) => (total * 31 + byte) % 1_000_003, 0);
    const send = async () => (await fetch(`${url}upload/`, { method: "POST", body })).text();
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    expect(new Set(answers)).toEqual(new Set([`300000 bytes, sum ${sum}`]));
  });

  test("hands WebSockets on; a save ends them, and the next is answered by new code", async () => {
    const site = use(await Site.make());
    const server = use(new Running(site.directory, words));
    const url = await server.url();
    const open = async () => {
      const socket = new WebSocket(`${url.replace("http", "ws")}echo/`);
      await once(socket, "open");
      return socket;
    };
    const answer = async (socket: WebSocket, message: string) => {
      const next = once(socket, "message");
      socket.send(message);
      return ((await next)[0] as MessageEvent).data as unknown;
    };
    const first = await open();
    const long = "long ".repeat(50_000);
    expect(await answer(first, long)).toBe(long);
    const closed = once(first, "close");
    await site.edit("mysite/views.ts", "socket.send(message)", 'socket.send("new: " + message)');
    await closed;
    expect(await answer(await open(), "hello")).toBe("new: hello");
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

  test.runIf(process.platform === "linux")("leaves no orphan when it is killed", async () => {
    const site = use(await Site.make());
    const server = use(new Running(site.directory, words));
    await get(await server.url());
    // The site, and the process that stands by.
    const processes = await server.until(() => server.children().length === 2 && server.children());
    server.child.kill("SIGKILL");
    await server.exit;
    await expect.poll(() => processes.filter(alive), { timeout: 10_000 }).toEqual([]);
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
