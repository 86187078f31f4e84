import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:http2";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AsgiApplication } from "@tsjango/core/asgi";
import { describe, expect, onTestFinished, test } from "vitest";
import { type AccessRecord, accessLogFormat, LogFile, type ServerConfig } from "../src/index.ts";
import { files, makeCertificate } from "./support/certificate.ts";
import { serving } from "./support/websocket-clients.ts";

const RECORD: AccessRecord = {
  client: "10.0.0.7",
  method: "GET",
  target: "/a%20b?x=1",
  protocol: "HTTP/1.1",
  status: 200,
  bytes: 1234,
  milliseconds: 1234.5678,
  time: new Date("2026-11-01T04:05:06Z"),
  requestHeader: (name) =>
    ({ authorization: `Basic ${btoa("jane:secret")}`, referer: "/from", "user-agent": 'curl "8"', "x-a": "1" })[name],
  responseHeader: (name) => ({ etag: "7" })[name],
};

describe("a format", () => {
  test.each([
    [
      '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"',
      '10.0.0.7 - jane [01/Nov/2026:04:05:06 +0000] "GET /a%20b?x=1 HTTP/1.1" 200 1234 "/from" "curl \\x228\\x22"',
    ],
    ["%(m)s %(U)s %(q)s %(H)s %(B)s", "GET /a%20b x=1 HTTP/1.1 1234"],
    ["%(T)s %(M)s %(D)s %(L)s %(p)s", `1 1235 1234568 1.234568 <${process.pid}>`],
    ["%({X-A}i)s %({x-b}i)s %({etag}o)s %({NO_SUCH}e)s", "1 - 7 -"],
    ["100 % (plain)", "100 % (plain)"],
  ])("%s", (format, line) => {
    expect(accessLogFormat(format)(RECORD)).toBe(line);
  });

  test("with an atom that there is not is refused, naming those that there are", () => {
    expect(() => accessLogFormat("%(z)s")).toThrow(/unknown atom %\(z\)s. There are h l u/);
    expect(() => accessLogFormat("%(constructor)s")).toThrow("unknown atom");
  });

  test("never lets a client forge a line, or hide one", () => {
    const forged = { ...RECORD, target: '/\r\n10.0.0.1 - "GET /admin" 200 \u001b[2K\u2028' };
    const line = accessLogFormat()(forged);
    expect(line).not.toMatch(/[^ -~]/);
    expect(line).toContain("\\x0d\\x0a");
    expect(JSON.parse(accessLogFormat("json")(forged))).toMatchObject({ path: forged.target });
    expect(accessLogFormat("json")(forged).split("\n")).toHaveLength(1);
  });

  test("json has the parts by name", () => {
    expect(JSON.parse(accessLogFormat("json")(RECORD))).toMatchObject({
      time: "2026-11-01T04:05:06.000Z",
      client: "10.0.0.7",
      method: "GET",
      path: "/a%20b",
      query: "x=1",
      status: 200,
      bytes: 1234,
      ms: 1234.568,
      referer: "/from",
    });
  });
});

const application: AsgiApplication = async (scope, receive, send) => {
  if (scope.type === "websocket") {
    await receive();
    return send({ type: scope.path === "/no" ? "websocket.close" : "websocket.accept" });
  }
  if (scope.type !== "http") return;
  if (scope.path === "/hang") {
    await receive();
    await receive();
    return;
  }
  await send({ type: "http.response.start", status: 201, headers: [["x-kind", "tea"]] });
  await send({ type: "http.response.body", body: "hello", moreBody: false });
};

async function logged(act: (url: string) => Promise<unknown>, config: ServerConfig = {}): Promise<string[]> {
  const lines: string[] = [];
  const accessLogFormat = "%(m)s %(U)s %(H)s %(s)s %(B)s %({x-kind}o)s";
  const { url } = await serving(application, { accessLog: (line) => lines.push(line), accessLogFormat, ...config });
  await act(url);
  await expect.poll(() => lines).not.toHaveLength(0);
  return lines;
}

describe("what is logged", () => {
  test("of each request on a connection: status, bytes of the body, headers", async () => {
    const lines = await logged(async (url) => {
      await (await fetch(url)).text();
      await (await fetch(url, { method: "HEAD" })).text();
    });
    expect(lines).toEqual(["GET / HTTP/1.1 201 5 tea", "HEAD / HTTP/1.1 201 0 tea"]);
  });

  test("of a client that leaves before its answer: 499", async () => {
    const lines = await logged(async (url) => {
      const leaving = request(`${url}hang`).on("error", () => undefined);
      leaving.end();
      await new Promise((resolve) => setTimeout(resolve, 50));
      leaving.destroy();
    });
    expect(lines).toEqual(["GET /hang HTTP/1.1 499 0 -"]);
  });

  test("of a WebSocket's handshake, and of one that is refused", async () => {
    for (const [path, status] of [
      ["/", 101],
      ["/no", 403],
    ] as const) {
      const lines = await logged(async (url) => {
        const socket = connectTcp(Number(new URL(url).port), "127.0.0.1").on("error", () => undefined);
        const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13";
        socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`);
        await new Promise((resolve) => socket.once("data", resolve));
        socket.destroy();
      });
      expect(lines).toEqual([`GET ${path} HTTP/1.1 ${status} 0 -`]);
    }
  });

  test("of a stream of HTTP/2", async () => {
    const { cert, key } = makeCertificate();
    const lines = await logged(
      async (url) => {
        const session = connect(url, { ca: cert });
        onTestFinished(() => session.destroy());
        const stream = session.request({ ":path": "/x" });
        await new Promise((resolve) => stream.resume().once("close", resolve));
      },
      { tls: files({ cert, key }) },
    );
    expect(lines).toEqual(["GET /x HTTP/2 201 5 tea"]);
  });
});

describe("a log's file", () => {
  function path(): string {
    const directory = mkdtempSync(join(tmpdir(), "tsjango-log-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    return join(directory, "access.log");
  }

  test("is opened anew where it was moved away, and loses no line", async () => {
    const file = path();
    const log = new LogFile(file);
    for (let index = 0; index < 500; index++) log.write(`line ${index}`);
    renameSync(file, `${file}.1`);
    log.reopen();
    for (let index = 500; index < 1000; index++) log.write(`line ${index}`);
    await log.written();
    const [old, fresh] = [readFileSync(`${file}.1`, "utf8"), readFileSync(file, "utf8")];
    expect((old + fresh).trim().split("\n")).toEqual(Array.from({ length: 1000 }, (_, index) => `line ${index}`));
    expect(fresh).toContain("line 999");
  });

  test("that cannot be opened is named; at reopening the old one goes on", async () => {
    expect(() => new LogFile("/nowhere/access.log")).toThrow("The log /nowhere/access.log cannot be opened: ENOENT");
    const file = path();
    const log = new LogFile(file);
    rmSync(join(file, ".."), { recursive: true });
    expect(() => log.reopen()).toThrow("cannot be opened");
    log.write("still here");
    await log.written();
  });

  test.runIf(process.platform === "linux")(
    "on a full disk drops lines and counts them, and reaches nobody",
    async () => {
      const log = new LogFile("/dev/full");
      log.write("one");
      await log.written();
      log.write("two");
      await log.written();
      expect(log.dropped).toBe(2);
    },
  );
});
