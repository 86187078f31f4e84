import { once } from "node:events";
import { connect } from "node:net";
import core from "@tsjango/core/app";
import { getAsgiApplication } from "@tsjango/core/application";
import { type HttpRequest, HttpResponse, JsonResponse } from "@tsjango/core/http";
import { path, urls } from "@tsjango/core/urls";
import { settingsDefiner } from "@tsjango/kernel/conf";
import { redirectLogs } from "@tsjango/kernel/logging";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createServer, type Server } from "../src/index.ts";
import { BROKEN_BODIES, INVALID_REQUESTS } from "./corpus/invalid.ts";
import { VALID_REQUESTS } from "./corpus/valid.ts";

let server: Server;
let port: number;
const calls: string[] = [];
/** More than what a system keeps of a connection that is not read. */
const LARGE = 20_000_000;
const errors: unknown[] = [];

const urlpatterns = urls(
  path("large/", () => new HttpResponse("x".repeat(LARGE))),
  path("early/", () => new HttpResponse("early", { status: 401 })),
  path("slow/<int:n>/", async (_request, { n }) => {
    calls.push(`start ${n}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    calls.push(`end ${n}`);
    return new HttpResponse(String(n));
  }),
  path("<path:rest>", view),
  path("", view),
);

async function view(request: HttpRequest) {
  calls.push(request.path);
  const { method, path: whole, pathInfo, host } = request;
  const body = new TextDecoder().decode(await request.body());
  return new JsonResponse({
    method,
    path: whole,
    pathInfo,
    host,
    body,
    query: request.scope.queryString,
    headers: Object.fromEntries(request.headers),
  });
}

beforeAll(async () => {
  const restoreLogs = redirectLogs(({ level, error }) => level === "error" && errors.push(error));
  const settings = settingsDefiner([core])({
    baseDir: import.meta.dirname,
    secretKey: "for tests",
    allowedHosts: ["localhost", "127.0.0.1"],
    rootUrlconf: async () => ({ urlpatterns }),
  });
  server = createServer(await getAsgiApplication(settings), { port: 0, onError: (error) => errors.push(error) });
  port = Number(new URL(await server.listen()).port);
  return restoreLogs;
});
afterAll(() => server.close({ gracePeriod: 100 }));
beforeEach(() => {
  calls.length = 0;
  errors.length = 0;
});

/** Sends bytes and reads until the server closes; fails where it does not. */
async function send(bytes: string, pieces = 1): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.setTimeout(5000, () => socket.destroy(new Error("the server neither answered nor closed")));
  const size = Math.ceil(bytes.length / pieces);
  let answer = "";
  socket.on("data", (data) => {
    answer += data.toString("latin1");
  });
  // A reset may follow what was read.
  socket.on("error", (error: NodeJS.ErrnoException) => {
    if (!["ECONNRESET", "EPIPE"].includes(error.code ?? "")) answer += String(error);
  });
  const closed = once(socket, "close").catch(() => undefined);
  for (let start = 0; start < bytes.length && !socket.destroyed; start += size) {
    socket.write(Buffer.from(bytes.slice(start, start + size), "latin1"));
    if (pieces > 1) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await closed;
  return answer;
}

const statuses = (answer: string) => [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));

describe("invalid requests get their status and a closed connection, and no view sees them", () => {
  test.each(INVALID_REQUESTS)("%s", async (_what, bytes, status) => {
    const smuggled = "GET /smuggled/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const answer = await send(bytes + smuggled);
    expect(statuses(answer)).toEqual([status]);
    expect(answer).toMatch(/^connection: close\r$/im);
    expect([calls, errors]).toEqual([[], []]);
  });

  test("whatever packets they come in", async () => {
    const short = INVALID_REQUESTS.filter(([, bytes]) => bytes.length < 300);
    const answers = await Promise.all(
      short.map(async ([what, bytes]) => {
        return [what, statuses(await send(`${bytes}\r\n\r\n`, 20))];
      }),
    );
    expect(answers).toEqual(short.map(([what, , status]) => [what, [status]]));
    expect(calls).toEqual([]);
  });
});

test.each([
  ["no HTTP", "hello\r\n\r\n", 400],
  ["a whole request of a host that is not allowed", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 400],
  ["a body that is not read", "POST /early/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n", 401],
])("a client that sends on before it reads finds the answer to %s", async (_what, bytes, status) => {
  const socket = connect(port, "127.0.0.1");
  const errors: Error[] = [];
  socket.on("error", (error) => errors.push(error));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  for (const piece of [bytes, "x", "y", "z"]) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  let answer = "";
  socket.on("data", (data) => {
    answer += data;
  });
  await closed;
  expect([statuses(answer), errors]).toEqual([[status], []]);
});

test("an answer that is on its way comes whole, whatever follows its request and however late it is read", async () => {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  socket.on("error", () => undefined);
  socket.write("GET /large/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await pause(100);
  socket.end("garbage\r\n\r\n");
  await pause(1300);
  let received = 0;
  socket.on("data", (data) => {
    received += data.length;
  });
  await closed;
  expect(received).toBeGreaterThan(LARGE);
});

test.each(BROKEN_BODIES)("a broken body gets its status: %s", async (_what, bytes, status) => {
  const answer = await send(`${bytes}GET /smuggled/ HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  expect(statuses(answer)).toEqual([status]);
  expect(calls).not.toContain("/smuggled/");
  expect(errors).toEqual([]);
});

test.each(VALID_REQUESTS)("a valid request reaches the view: %s", async (_what, bytes, { headers, ...seen }) => {
  const answer = await send(bytes);
  expect(statuses(answer)).toEqual([200]);
  const value = JSON.parse(Buffer.from(answer.slice(answer.indexOf("\r\n\r\n") + 4), "latin1").toString());
  expect(value).toMatchObject(seen);
  for (const [name, expected] of Object.entries(headers ?? {})) expect(value.headers[name] ?? null).toBe(expected);
});

test("OPTIONS * is answered by the server", async () => {
  const answer = await send("OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  expect([statuses(answer), calls]).toEqual([[204], []]);
  expect(answer).toMatch(/^allow: GET, HEAD/im);
});

test("TRACE echoes nothing", async () => {
  const answer = await send("TRACE / HTTP/1.1\r\nHost: localhost\r\nCookie: secret=1\r\n\r\n");
  expect(answer).not.toContain("secret");
});

describe("one connection", () => {
  const slow = (n: number, headers = "") => `GET /slow/${n}/ HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;

  test("runs pipelined requests one at a time, in order", async () => {
    const answer = await send([1, 2, 3].map((n) => slow(n)).join("") + slow(4, "Connection: close\r\n"));
    expect(calls).toEqual([1, 2, 3, 4].flatMap((n) => [`start ${n}`, `end ${n}`]));
    expect([...answer.matchAll(/\r\n\r\n(\d)/g)].map((match) => match[1])).toEqual(["1", "2", "3", "4"]);
  });

  test("runs nothing after a request that closes it", async () => {
    const answer = await send(slow(1, "Connection: close\r\n") + slow(2));
    expect([statuses(answer)[0], calls]).toEqual([200, ["start 1", "end 1"]]);
  });

  test("answers what came before garbage, then says what is wrong", async () => {
    const answer = await send(`${slow(1)}${slow(2)}garbage\r\n\r\n`);
    expect([statuses(answer), calls.filter((call) => call.startsWith("end"))]).toEqual([
      [200, 200, 400],
      ["end 1", "end 2"],
    ]);
  });

  test("with bytes after a body's end, is closed", async () => {
    const request = "POST /slow/1/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabcgarbage\r\n\r\n";
    expect(statuses(await send(request))).toEqual([200, 400]);
  });

  test("serves thousands of pipelined requests without running them at once", async () => {
    let most = 0;
    const before = calls.length;
    const timer = setInterval(() => {
      const open =
        calls.filter((call) => call.startsWith("start")).length - calls.filter((call) => call.startsWith("end")).length;
      most = Math.max(most, open);
    }, 5);
    const request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const answer = await send(slow(1) + request.repeat(2000) + slow(2, "Connection: close\r\n"));
    clearInterval(timer);
    expect([most, statuses(answer).length, calls.length - before]).toEqual([1, 2002, 2004]);
  });

  test("keeps the number of its listeners over many requests", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on("warning", onWarning);
    await send(
      `${"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx".repeat(200)}${slow(1, "Connection: close\r\n")}`,
    );
    process.off("warning", onWarning);
    expect([warnings, calls.length]).toEqual([[], 202]);
  });
});

describe("an answer that comes before the body", () => {
  const head = (length: number) => `POST /early/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`;

  test("is read by a client that goes on sending a gigabyte; the connection ends", async () => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    let sent = 0;
    socket.on("data", (data) => {
      answer += data;
    });
    socket.on("error", () => undefined);
    socket.write(head(1e9));
    const chunk = Buffer.alloc(65_536);
    const closed = once(socket, "close").catch(() => undefined);
    const pump = () => {
      while (!socket.destroyed && sent < 1e9) {
        sent += chunk.byteLength;
        if (!socket.write(chunk)) return void socket.once("drain", pump);
      }
    };
    setTimeout(pump, 50);
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(sent).toBeLessThan(50_000_000);
  });

  test("ends a connection on which nothing more is sent", async () => {
    const start = performance.now();
    expect(statuses(await send(head(1e6)))).toEqual([401]);
    expect(performance.now() - start).toBeLessThan(4000);
  });

  test("keeps the connection where the body is short", async () => {
    const answer = await send(
      `${head(10)}0123456789GET /slow/1/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    expect(statuses(answer)).toEqual([401, 200]);
  });

  test("asks for no body that was announced with Expect", async () => {
    const answer = await send(head(10).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"));
    expect(statuses(answer)).toEqual([401]);
  });
});

test("100 Continue is sent when the view reads the body", async () => {
  const socket = connect(port, "127.0.0.1");
  const head =
    "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
  socket.write(head);
  const [first] = await once(socket, "data");
  expect(String(first)).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  socket.write("abc");
  let answer = "";
  for await (const data of socket) answer += data;
  expect(answer).toContain('"body":"abc"');
});
