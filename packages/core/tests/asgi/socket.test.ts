import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { type AsgiApplication, type HttpScope, type NodeBridgeOptions, toNodeListener } from "@tsjango/core/asgi";
import { HttpResponse } from "@tsjango/core/http";
import { path, urls } from "@tsjango/core/urls";
import { expect, onTestFinished, test } from "vitest";
import { makeSite } from "../support/site.ts";

/** What only a socket shows: sends bytes to a bare node:http server, and gives all that comes back. */
async function raw(application: AsgiApplication, bytes: string, options: NodeBridgeOptions = {}): Promise<string> {
  const server = createServer(toNodeListener(application, { onError: () => undefined, ...options }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.write(bytes);
  let answer = "";
  for await (const data of socket) answer += data;
  return answer;
}

function answering(...events: readonly object[]): AsgiApplication {
  return async (_scope, _receive, send) => {
    for (const event of events) await send(event as never);
  };
}

const get = (version = "1.1", headers = "") =>
  `GET / HTTP/${version}\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`;
const start = { type: "http.response.start", status: 200 };
const hint = { type: "http.response.early_hint", links: ["</a.css>; rel=preload; as=style", "</b.js>; rel=preload"] };

test("early hints are a 103 before the response", async () => {
  const answer = await raw(answering(hint, start, { type: "http.response.body", body: "x" }), get());
  expect(answer).toMatch(
    /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload; as=style, <\/b\.js>; rel=preload\r\n\r\nHTTP\/1\.1 200 OK/i,
  );
});

test("a view sends early hints; HTTP/1.0 gets none", async () => {
  const view = async (request: { sendEarlyHints(links: readonly string[]): Promise<void> }) => {
    await request.sendEarlyHints(hint.links);
    return new HttpResponse("x");
  };
  const { application } = await makeSite(urls(path("", view)), { allowedHosts: ["x"] });
  expect(await raw(application, get())).toMatch(/^HTTP\/1\.1 103 [\s\S]*HTTP\/1\.1 200 /);
  expect(await raw(application, get("1.0"))).toMatch(/^HTTP\/1\.1 200 (?![\s\S]*103)/);
});

test.each([
  ["no list", { type: "http.response.early_hint" }],
  ["after the start of the body", undefined],
])("early hints with %s are an error", async (_what, event) => {
  const events =
    event === undefined ? [start, { type: "http.response.body", body: "x", moreBody: true }, hint] : [event];
  const errors: unknown[] = [];
  await raw(answering(...events), get(), { onError: (error) => errors.push(error) }).catch(() => "");
  expect(errors).toHaveLength(1);
});

test("trailers follow the body, for a client that takes them", async () => {
  const application: AsgiApplication = async (scope, _receive, send) => {
    const offered = "http.response.trailers" in ((scope as HttpScope).extensions ?? {});
    await send({
      type: "http.response.start",
      status: 200,
      headers: offered ? [["trailer", "x-sum"]] : [],
      trailers: true,
    });
    await send({ type: "http.response.body", body: "body" });
    if (!offered) return;
    await send({ type: "http.response.trailers", headers: [["x-sum", "1"]], moreTrailers: true });
    await send({ type: "http.response.trailers", headers: [["x-other", "2"]] });
  };
  const taken = await raw(application, get("1.1", "TE: trailers\r\n"));
  expect(taken).toMatch(/transfer-encoding: chunked/i);
  expect(taken).toMatch(/4\r\nbody\r\n0\r\nx-sum: 1\r\nx-other: 2\r\n\r\n$/);
  expect(await raw(application, get())).toMatch(/content-length: 4\r\n[\s\S]*\r\n\r\nbody$/i);
});

test("H9 a body in pieces is chunked on HTTP/1.1 and ends with the connection on HTTP/1.0", async () => {
  const pieces = answering(
    start,
    { type: "http.response.body", body: "one", moreBody: true },
    { type: "http.response.body", body: "two" },
  );
  expect(await raw(pieces, get())).toMatch(
    /transfer-encoding: chunked\r\n[\s\S]*(3\r\none\r\n3\r\ntwo|6\r\nonetwo)\r\n0\r\n\r\n$/i,
  );
  expect(await raw(pieces, get("1.0"))).toMatch(/^(?![\s\S]*chunked)[\s\S]*\r\n\r\nonetwo$/i);
});

test("the scope has the addresses of both ends, the state of the lifespan, a root path", async () => {
  let seen: HttpScope | undefined;
  const shared = { list: [] as string[] };
  const application: AsgiApplication = async (scope, receive, send) => {
    seen = scope as HttpScope;
    (seen.state!["shared"] as typeof shared).list.push("x");
    seen.state!["own"] = true;
    await answering(start, { type: "http.response.body" })(scope, receive, send);
  };
  const state = { shared };
  await raw(application, get(), { state, rootPath: "/app" });
  expect(seen?.client).toEqual(["127.0.0.1", expect.any(Number)]);
  expect(seen?.server).toEqual(["127.0.0.1", expect.any(Number)]);
  expect([seen?.rootPath, state, shared.list]).toEqual(["/app", { shared }, ["x"]]);
});

test("mapScope sees and changes the scope", async () => {
  const application: AsgiApplication = (scope, receive, send) =>
    answering(start, { type: "http.response.body", body: (scope as HttpScope).path })(scope, receive, send);
  expect(await raw(application, get(), { mapScope: (scope) => ({ ...scope, path: "/other" }) })).toMatch(/\/other$/);
});
