import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Bind, createServer, holdBind, parseBind } from "../src/index.ts";
import { application } from "./support/application.ts";
import { use } from "./support/use.ts";

const DEFAULTS = { host: "127.0.0.1", port: 8000 };
const app = application as Parameters<typeof createServer>[0];

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), "tsjango-bind-"));
  use({ [Symbol.dispose]: () => rmSync(path, { recursive: true }) });
  return path;
}

async function serving(...bind: Bind[]) {
  const server = createServer(app, { bind });
  use({ [Symbol.asyncDispose]: () => server.close({ gracePeriod: 100 }) });
  await server.listen();
  return server;
}

function getOver(socketPath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path: "/here", headers: { host: "x" } }, async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve(body);
    })
      .on("error", reject)
      .end();
  });
}

describe("--bind", () => {
  test.each([
    ["8001", { type: "tcp", host: "127.0.0.1", port: 8001 }],
    ["0.0.0.0", { type: "tcp", host: "0.0.0.0", port: 8000 }],
    [":80", { type: "tcp", host: "0.0.0.0", port: 80 }],
    ["[::]:8000", { type: "tcp", host: "::", port: 8000 }],
    ["example.com:0", { type: "tcp", host: "example.com", port: 0 }],
    ["unix:/run/site.sock", { type: "unix", path: "/run/site.sock" }],
    ["unix:///run/site.sock?mode=660", { type: "unix", path: "/run/site.sock", mode: 0o660 }],
    ["fd://3", { type: "fd", fd: 3 }],
  ])("%s is understood", (text, bind) => {
    expect(parseBind(text, DEFAULTS)).toEqual(bind);
  });

  test.each(["", "localhost:70000", "a b", "unix:", "unix:/x?mode=9", "fd://x", "1:2:3", `unix:/${"x".repeat(120)}`])(
    "%j is refused with exit code 2",
    (text) => {
      expect(() => parseBind(text, DEFAULTS)).toThrow(expect.objectContaining({ code: "invalid_bind", exitCode: 2 }));
    },
  );
});

test("several addresses are served at once, IPv6 among them where the machine has it", async () => {
  const path = join(directory(), "site.sock");
  const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === "::1"));
  const ipv6: Bind[] = hasIpv6 ? [{ type: "tcp", host: "::1", port: 0 }] : [];
  const server = await serving({ type: "tcp", host: "127.0.0.1", port: 0 }, { type: "unix", path }, ...ipv6);
  expect(server.urls[1]).toBe(`unix:${path}`);
  for (const url of server.urls.filter((url) => url.startsWith("http"))) {
    expect(await (await fetch(`${url}here`)).text()).toBe("path /here");
  }
  expect(await getOver(path)).toBe("path /here");
});

describe("a unix socket", () => {
  test("has the mode that was asked for, and goes with its server", async () => {
    const path = join(directory(), "site.sock");
    const server = await serving({ type: "unix", path, mode: 0o600 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await server.close();
    expect(existsSync(path)).toBe(false);
  });

  test("of a dead process is replaced; of a living one, and a file, are not", async () => {
    const path = join(directory(), "site.sock");
    const script = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
    await once(spawn(process.execPath, ["-e", script]), "exit");
    expect(existsSync(path)).toBe(true);
    const server = await serving({ type: "unix", path });
    expect(await getOver(path)).toBe("path /here");
    await expect(createServer(app, { bind: [{ type: "unix", path }] }).listen()).rejects.toMatchObject({
      code: "address_unavailable",
      message: `Another process listens on ${path}. Stop it, or choose another path with --bind.`,
    });
    expect(await getOver(path)).toBe("path /here");
    await server.close();
    writeFileSync(path, "");
    await expect(createServer(app, { bind: [{ type: "unix", path }] }).listen()).rejects.toThrow("is no socket");
    expect(existsSync(path)).toBe(true);
  });

  test("stays where another server has taken the place", async () => {
    const path = join(directory(), "site.sock");
    const first = await serving({ type: "unix", path });
    rmSync(path);
    await serving({ type: "unix", path });
    await first.close();
    expect(await getOver(path)).toBe("path /here");
  });

  test("in a directory that is not there is told", async () => {
    const bind: Bind = { type: "unix", path: join(directory(), "no", "site.sock") };
    const expected = { exitCode: 1, message: expect.stringContaining("its directory does not exist") };
    await expect(createServer(app, { bind: [bind] }).listen()).rejects.toMatchObject(expected);
    await expect(holdBind(bind)).rejects.toMatchObject(expected);
  });
});

describe("a socket that is held for workers", () => {
  const WORKER = `require("net").createServer((c) => c.end(String(process.pid))).listen({ fd: 3 }, () => console.log("up"))`;

  async function worker(fd: number) {
    const child = spawn(process.execPath, ["-e", WORKER], { stdio: ["ignore", "pipe", "inherit", fd] });
    use({ [Symbol.dispose]: () => child.kill("SIGKILL") });
    await once(child.stdout as NodeJS.ReadableStream, "data");
    return child;
  }

  function ask(target: { port: number } | { path: string }): Promise<string> {
    return new Promise((resolve, reject) => {
      let text = "";
      connect(target as { path: string })
        .on("data", (data) => {
          text += data;
        })
        .on("error", reject)
        .on("close", () => resolve(text));
    });
  }

  test.each(["tcp", "unix"])("outlives them, and what waits on it: %s", async (type) => {
    const path = join(directory(), "site.sock");
    const held = await holdBind(type === "tcp" ? { type, host: "127.0.0.1", port: 0 } : { type: "unix", path });
    use({ [Symbol.dispose]: () => held.release() });
    const target = type === "tcp" ? { port: Number(new URL(held.url).port) } : { path };
    const first = await worker(held.fd);
    expect(await ask(target)).toBe(String(first.pid));
    first.kill("SIGKILL");
    await once(first, "exit");
    const waiting = ask(target);
    const second = await worker(held.fd);
    expect(await waiting).toBe(String(second.pid));
  });

  test("is refused where the port is taken", async () => {
    const other = createTcpServer().listen(0, "127.0.0.1");
    use({ [Symbol.dispose]: () => void other.close() });
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    await expect(holdBind({ type: "tcp", host: "127.0.0.1", port })).rejects.toThrow(
      `Port ${port} is already in use on 127.0.0.1.`,
    );
    await expect(holdBind({ type: "tcp", host: "192.0.2.1", port: 0 })).rejects.toThrow("is not an address of this");
  });

  test("may be one that the process was started with", async () => {
    await expect(serving({ type: "fd", fd: 777 })).rejects.toThrow(/Cannot listen on fd:\/\/777: .*systemd/);
    const held = await holdBind({ type: "tcp", host: "127.0.0.1", port: 0 });
    const again = await holdBind({ type: "fd", fd: held.fd });
    expect(again.url).toBe(held.url);
    held.release();
    await expect(holdBind({ type: "fd", fd: 777 })).rejects.toThrow("Cannot listen on fd://777");
  });
});
