import { once } from "node:events";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import type { AsgiApplication, HttpScope, Receive, Send } from "@tsjango/core/asgi";
import { describe, expect, onTestFinished, test } from "vitest";
import { files, makeCertificate } from "../support/certificate.ts";
import { serving } from "../support/websocket-clients.ts";

const own = makeCertificate();

type Handler = (scope: HttpScope, receive: Receive, send: Send) => Promise<unknown>;

async function open(handler: Handler) {
  const application: AsgiApplication = async (scope, receive, send) => {
    await handler(scope as HttpScope, receive, send);
  };
  const site = await serving(application, { tls: files({ key: own.key, cert: own.cert }) });
  const session = connect(site.url, { ca: own.cert });
  session.on("error", () => undefined);
  onTestFinished(() => session.destroy());
  await once(session, "connect");
  return { ...site, session };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly rstCode: number;
  readonly trailers: IncomingHttpHeaders | undefined;
  readonly informational: IncomingHttpHeaders[];
}

async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  let headers: IncomingHttpHeaders & { ":status"?: number } = {};
  let trailers: IncomingHttpHeaders | undefined;
  const informational: IncomingHttpHeaders[] = [];
  let body = "";
  stream.on("error", () => undefined);
  stream.on("headers", (given) => informational.push(given));
  stream.on("response", (given) => {
    headers = given;
  });
  stream.on("trailers", (given) => {
    trailers = given;
  });
  stream.on("data", (data) => {
    body += data;
  });
  if (!stream.closed) await once(stream, "close").catch(() => undefined);
  return { status: headers[":status"], headers, body, rstCode: stream.rstCode ?? 0, trailers, informational };
}

function ask(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string | Buffer): Promise<Answer> {
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return answerOf(stream);
}

async function answer(send: Send, body: string, headers: [string, string][] = []): Promise<void> {
  await send({ type: "http.response.start", status: 200, headers });
  await send({ type: "http.response.body", body });
}

async function readAll(receive: Receive): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const event = await receive();
    if (event.type !== "http.request") throw new Error("the client left");
    if (event.body !== undefined) chunks.push(event.body);
    if (event.moreBody !== true) return Buffer.concat(chunks);
  }
}

test("H13 the scope has host for :authority, no pseudo headers, and split cookies as they came", async () => {
  const scopes: HttpScope[] = [];
  const { session, url } = await open(async (scope, _receive, send) => {
    scopes.push(scope);
    await answer(send, "ok", [
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
      ["connection", "close"],
    ]);
  });
  const { status, headers, body } = await ask(session, { ":path": "/a%20b?x=%31", cookie: ["c=3", "d=4"], "x-a": "é" });
  expect([status, body, headers["set-cookie"]]).toEqual([200, "ok", ["a=1", "b=2"]]);
  expect(headers.date).toBeDefined();
  expect(headers["content-length"]).toBe("2");
  const [scope] = scopes as [HttpScope];
  expect(scope).toMatchObject({
    type: "http",
    httpVersion: "2",
    method: "GET",
    scheme: "https",
    path: "/a b",
    rawPath: "/a%20b",
    queryString: "x=%31",
  });
  expect(scope.headers[0]).toEqual(["host", new URL(url).host]);
  expect(scope.headers.filter(([name]) => name.startsWith(":"))).toEqual([]);
  expect(scope.headers.filter(([name]) => name === "cookie")).toEqual([
    ["cookie", "c=3"],
    ["cookie", "d=4"],
  ]);
  expect(scope.extensions?.["tls"]).toBeDefined();
});

test("H14 streams have scopes of their own, run at once, and each gets its own reply", async () => {
  const waiting: (() => void)[] = [];
  const { session } = await open(async (scope, receive, send) => {
    const body = await readAll(receive);
    await new Promise<void>((resolve) => waiting.push(resolve));
    await answer(send, `${scope.path} ${body}`);
  });
  const answers = Array.from({ length: 20 }, (_, n) =>
    ask(session, { ":method": "POST", ":path": `/${n}` }, `body ${n}`),
  );
  await expect.poll(() => waiting).toHaveLength(20);
  for (const go of waiting.reverse()) go();
  expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(
    Array.from({ length: 20 }, (_, n) => `/${n} body ${n}`),
  );
});

test("bodies of any size go both ways, in pieces, with back-pressure", async () => {
  let sent = 0;
  const { session } = await open(async (scope, receive, send) => {
    if (scope.path === "/up") {
      const body = await readAll(receive);
      return answer(send, `${body.length}`);
    }
    await send({ type: "http.response.start", status: 200 });
    for (; sent < 100; sent++) {
      await send({ type: "http.response.body", body: new Uint8Array(100_000), moreBody: true });
    }
    await send({ type: "http.response.body" });
  });
  const up = await ask(session, { ":method": "POST", ":path": "/up" }, Buffer.alloc(3_000_000, 7));
  expect(up.body).toBe("3000000");
  const stream = session.request({ ":path": "/down" });
  await once(stream, "response");
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(sent).toBeLessThan(50);
  let length = 0;
  for await (const chunk of stream) length += (chunk as Buffer).length;
  expect([length, sent]).toEqual([10_000_000, 100]);
});

test("HEAD, 204 and 304 have no body; what the application sends is dropped", async () => {
  const { session } = await open(async (scope, _receive, send) => {
    await send({ type: "http.response.start", status: Number(scope.path.slice(1)) });
    await send({ type: "http.response.body", body: "hello" });
  });
  const head = await ask(session, { ":method": "HEAD", ":path": "/200" });
  expect([head.status, head.headers["content-length"], head.body]).toEqual([200, "5", ""]);
  expect(await ask(session, { ":path": "/204" })).toMatchObject({ status: 204, body: "" });
  expect(await ask(session, { ":path": "/304" })).toMatchObject({ status: 304, body: "" });
});

test("early hints, 100 Continue and trailers", async () => {
  const { session } = await open(async (_scope, receive, send) => {
    await send({ type: "http.response.early_hint", links: ["</a.css>; rel=preload"] });
    await readAll(receive);
    await send({ type: "http.response.start", status: 200, trailers: true });
    await send({ type: "http.response.body", body: "piece", moreBody: true });
    await send({ type: "http.response.body", body: "" });
    await send({ type: "http.response.trailers", headers: [["x-sum", "5"]] });
  });
  const stream = session.request({ ":method": "POST", ":path": "/", te: "trailers", expect: "100-continue" });
  const answered = answerOf(stream);
  await once(stream, "continue");
  stream.end("body");
  const { informational, trailers, body } = await answered;
  expect(informational[0]).toMatchObject({ ":status": 103, link: "</a.css>; rel=preload" });
  expect(body).toBe("piece");
  expect(trailers).toMatchObject({ "x-sum": "5" });
});

test("push is not offered, and an error", async () => {
  const { session, errors } = await open(async (scope, _receive, send) => {
    expect(scope.extensions).not.toHaveProperty(["http.response.push"]);
    await send({ type: "http.response.push", path: "/a.css", headers: [] } as never);
  });
  expect(await ask(session, { ":path": "/" })).toMatchObject({ status: 500 });
  expect(String(errors[0])).toContain("http.response.push");
});

describe("an application that fails", () => {
  test("before its response is 500, afterwards a reset stream; the connection goes on", async () => {
    const { session, errors } = await open(async (scope, _receive, send) => {
      if (scope.path === "/good") return answer(send, "good");
      if (scope.path === "/late") {
        await send({ type: "http.response.start", status: 200 });
        await send({ type: "http.response.body", body: "half", moreBody: true });
      }
      throw new TypeError("broken");
    });
    expect(await ask(session, { ":path": "/" })).toMatchObject({ status: 500, body: "Internal Server Error" });
    expect(await ask(session, { ":path": "/", ":method": "HEAD" })).toMatchObject({ status: 500, body: "" });
    const late = await ask(session, { ":path": "/late" });
    expect(late.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    expect(await ask(session, { ":path": "/good" })).toMatchObject({ status: 200, body: "good" });
    expect(errors).toHaveLength(3);
  });

  test("by a wrong length never sends more than it said", async () => {
    const { session } = await open(async (_scope, _receive, send) => {
      await answer(send, "12345678", [["content-length", "5"]]);
    });
    expect(await ask(session, { ":path": "/" })).toMatchObject({ status: 500 });
  });
});

test("a client that leaves is told by receive, and send throws", async () => {
  const seen: unknown[] = [];
  const { session, errors } = await open(async (_scope, receive, send) => {
    await receive();
    seen.push(await receive(), await receive());
    await send({ type: "http.response.start", status: 200 });
    await send({ type: "http.response.body", body: "x" }).catch((error) => {
      seen.push(error.code);
      throw error;
    });
  });
  const stream = session.request({ ":path": "/" });
  stream.on("error", () => undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
  stream.close(constants.NGHTTP2_CANCEL);
  await expect
    .poll(() => seen)
    .toEqual([{ type: "http.disconnect" }, { type: "http.disconnect" }, "client_disconnected"]);
  expect(errors).toEqual([]);
});

test("an answer that comes before the body is read is whole", async () => {
  const { session } = await open(async (_scope, _receive, send) => {
    await send({ type: "http.response.start", status: 401 });
    await send({ type: "http.response.body", body: "no" });
  });
  const stream = session.request({ ":method": "POST", ":path": "/" });
  stream.write(Buffer.alloc(200_000));
  const { status, body } = await answerOf(stream);
  expect([status, body]).toEqual([401, "no"]);
});

describe("requests are checked as strictly as those of HTTP/1.1", () => {
  test.each<[string, OutgoingHttpHeaders, number]>([
    ["a target that is not encoded", { ":path": "/{x}" }, 400],
    ["a path that is not UTF-8", { ":path": "/%ff" }, 400],
    ["a long target", { ":path": `/${"x".repeat(8200)}` }, 414],
    ["TRACE", { ":method": "TRACE", ":path": "/" }, 405],
    ["another host than the authority", { ":path": "/", ":authority": "localhost", host: "evil.example" }, 400],
    [
      "more than 100 headers",
      { ":path": "/", ...Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`x-${n}`, "1"])) },
      431,
    ],
    ["a target that is no path", { ":path": "*" }, 400],
  ])("%s", async (_name, headers, status) => {
    let called = 0;
    const { session } = await open(async () => void called++);
    const given = await ask(session, headers);
    expect(given.status ?? `reset ${given.rstCode}`).toBeOneOf([status, "reset 1"]);
    expect(called).toBe(0);
  });

  test("OPTIONS * is answered by the server", async () => {
    const { session } = await open(async () => undefined);
    const { status, headers } = await ask(session, { ":method": "OPTIONS", ":path": "*" });
    expect([status, headers.allow]).toEqual([204, expect.stringContaining("GET")]);
  });

  test("names with _ are dropped", async () => {
    let names: string[] = [];
    const { session } = await open(async (scope, _receive, send) => {
      names = scope.headers.map(([name]) => name);
      await answer(send, "");
    });
    await ask(session, { ":path": "/", x_a: "1", "x-b": "2" });
    expect(names).toEqual(["host", "x-b"]);
  });
});

describe("limits", () => {
  test("no more than 100 streams run at once", async () => {
    let running = 0;
    const { session } = await open(async (_scope, receive) => {
      running++;
      await receive();
      await receive();
      running--;
    });
    await expect.poll(() => session.remoteSettings.maxConcurrentStreams).toBe(100);
    const streams = Array.from({ length: 300 }, () => session.request({ ":path": "/" }).on("error", () => undefined));
    await expect.poll(() => running).toBe(100);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(running).toBe(100);
    for (const stream of streams) stream.close();
  });

  test("a stream that was taken back counts until its application has ended", async () => {
    let running = 0;
    let most = 0;
    const release = Promise.withResolvers<void>();
    const { session } = await open(async () => {
      running++;
      most = Math.max(most, running);
      await release.promise;
      running--;
    });
    for (let round = 0; round < 30; round++) {
      const streams = Array.from({ length: 10 }, () => session.request({ ":path": "/" }).on("error", () => undefined));
      await new Promise((resolve) => setImmediate(resolve));
      for (const stream of streams) stream.close(constants.NGHTTP2_CANCEL);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await expect.poll(() => running).toBeGreaterThan(50);
    expect(most).toBeLessThanOrEqual(100);
    release.resolve();
    await expect.poll(() => running).toBe(0);
  });

  // On Node 22 and 24 the process hangs when the client's side has its connection cut under its streams; the server ends it (seen on 24).
  const old = Number.parseInt(process.versions.node, 10) < 26;
  test.skipIf(old)("a client that does little but take back streams is let go", async () => {
    let called = 0;
    const { session, url } = await open(async (_scope, receive) => {
      called++;
      await receive();
      await receive();
    });
    const closed = new Promise((resolve) => session.once("close", resolve));
    const flood = setInterval(() => {
      for (let index = 0; index < 50 && !session.destroyed && !session.closed; index++) {
        const stream = session.request({ ":path": "/" }).on("error", () => undefined);
        setImmediate(() => stream.close(constants.NGHTTP2_CANCEL));
      }
    }, 1);
    await closed;
    clearInterval(flood);
    expect(called).toBeLessThan(2_500);
    const other = connect(url, { ca: own.cert });
    onTestFinished(() => other.destroy());
    other.on("error", () => undefined);
    await once(other, "connect");
  });
});

describe("close", () => {
  test("lets streams in flight finish, and takes no more", async () => {
    const { session, server } = await open(async (_scope, _receive, send) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await answer(send, "done");
    });
    const inFlight = ask(session, { ":path": "/" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const goneAway = once(session, "goaway");
    const closed = server.close({ gracePeriod: 5_000 });
    await goneAway;
    expect((await inFlight).body).toBe("done");
    await closed;
  });

  test("cuts what outlasts the grace period", async () => {
    const { session, server } = await open(async (_scope, receive) => {
      await receive();
      await receive();
    });
    const stream = answerOf(session.request({ ":path": "/" }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.close({ gracePeriod: 50 });
    expect((await stream).status).toBeUndefined();
  });
});
