import type { HeaderPairs, SendEvent } from "@tsjango/core/asgi";
import { expect, test } from "vitest";
import { withBrowserRefresh } from "../../src/reloader/browser-refresh.ts";
import { answerOf, httpScope, sending } from "../support/asgi.ts";

const HTML: HeaderPairs = [["content-type", "text/html; charset=utf-8"]];
const TAG = '<script src="/__tsjango__/refresh.js?build=b1" defer></script>';
const PAGE = "<body><p>こんにちは</p></body></html>";

function start(headers: HeaderPairs): SendEvent {
  return { type: "http.response.start", status: 200, headers };
}

function whole(body: string | Uint8Array, headers: HeaderPairs = HTML): SendEvent[] {
  const length = String(Buffer.byteLength(body));
  return [start([...headers, ["content-length", length]]), { type: "http.response.body", body }];
}

function refreshed(events: SendEvent[], scope = httpScope("/"), build: string | undefined = "b1") {
  return answerOf(
    withBrowserRefresh(sending(...events), () => build),
    scope,
  );
}

test.each([["text", PAGE] as const, ["bytes", Buffer.from(PAGE)] as const])(
  "a page as %s gets the script before its end, and the length that it has then",
  async (_name, body) => {
    const { text, bytes, length } = await refreshed(whole(body));
    expect(text).toBe(`<body><p>こんにちは</p>${TAG}</body></html>`);
    expect(length).toBe(String(bytes));
  },
);

test("the script has the nonce of the page's policy", async () => {
  const policy = [...HTML, ["content-security-policy", "script-src 'self' 'nonce-aBc+/1=='"]] as HeaderPairs;
  expect((await refreshed(whole(PAGE, policy))).text).toContain('defer nonce="aBc+/1=="></script>');
});

test("a page in pieces gets it where its end comes", async () => {
  const piece = (body: string, moreBody: boolean): SendEvent => ({ type: "http.response.body", body, moreBody });
  const events = [start(HTML), piece("<body>one", true), piece("two</body>", true), piece("</html>", false)];
  expect((await refreshed(events)).text).toBe(`<body>onetwo${TAG}</body></html>`);
  const announced = [start([...HTML, ["content-length", "16"]]), piece("<body>one", true), piece("</body>", false)];
  expect(await refreshed(announced)).toEqual({ text: "<body>one</body>", bytes: 16, length: "16" });
});

test.each([
  ["is not HTML", whole(PAGE, [["content-type", "application/xhtml+xml"]]), httpScope("/")],
  ["is a fragment", whole("<li>one</li>"), httpScope("/")],
  ["is compressed", whole(PAGE, [...HTML, ["content-encoding", "gzip"]]), httpScope("/")],
  ["answers a form", whole(PAGE), httpScope("/", [], "POST")],
  ["is fetched by a script", whole(PAGE), httpScope("/", [["sec-fetch-dest", "empty"]])],
])("what %s stays as it is", async (_name, events, scope) => {
  const { text, bytes, length } = await refreshed(events, scope);
  expect(text).not.toContain("<script");
  expect(length).toBe(String(bytes));
});

test("without a build pages stay as they are", async () => {
  const application = withBrowserRefresh(sending(...whole(PAGE)), () => undefined);
  expect((await answerOf(application, httpScope("/"))).text).toBe(PAGE);
});
