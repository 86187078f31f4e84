import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AsgiApplication, toFetch } from "@tsjango/core/asgi";
import { afterAll, expect, test } from "vitest";
import { withActions } from "../../src/reloader/actions.ts";

const directory = mkdtempSync(join(tmpdir(), "tsjango-actions-"));
afterAll(() => rmSync(directory, { recursive: true }));

const entry = join(directory, "tsjango.mjs");
writeFileSync(
  entry,
  `import { existsSync, writeFileSync } from "node:fs";
   writeFileSync("words.json", JSON.stringify(process.argv.slice(2)));
   if (existsSync("broken")) { console.error("the <database> is away"); process.exitCode = 1; }`,
);

/** Answers with the address of the button. */
const site: AsgiApplication = async (scope, _receive, send) => {
  if (scope.type !== "http") return;
  const { migrate } = (scope.extensions?.["tsjango.actions"] ?? {}) as Record<string, string>;
  await send({ type: "http.response.start", status: 200, headers: [] });
  await send({ type: "http.response.body", body: `${scope.method} ${migrate}` });
};

const fetch = toFetch(withActions(site, { cwd: directory, entry }));
const at = (path: string) => `http://127.0.0.1${path}`;
const address = async () => (await (await fetch(new Request(at("/")))).text()).split(" ")[1] as string;

test("a page is told where to post, and the command runs when it does", async () => {
  const path = await address();
  expect(path).toMatch(/^\/__tsjango__\/actions\/migrate\/[\w-]{32}$/);
  const answer = await fetch(new Request(at(path), { method: "POST", headers: { referer: at("//books/?page=2") } }));
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/books/?page=2"]);
  expect(JSON.parse(readFileSync(join(directory, "words.json"), "utf8"))).toEqual(["migrate", "--no-input"]);
});

test("who does not know the address reaches the site, and so does a GET", async () => {
  const path = await address();
  for (const [method, other] of [
    ["POST", `${path}x`],
    ["POST", path.replace(/[^/]+$/, "x".repeat(32))],
    ["GET", path],
  ] as const) {
    expect(await (await fetch(new Request(at(other), { method }))).text()).toBe(`${method} ${path}`);
  }
});

test("a command that fails shows what it said, as text", async () => {
  writeFileSync(join(directory, "broken"), "");
  const answer = await fetch(new Request(at(await address()), { method: "POST" }));
  expect([answer.status, answer.headers.get("content-type")]).toEqual([500, "text/plain; charset=utf-8"]);
  expect(await answer.text()).toBe("tsjango migrate failed (exit code 1):\n\nthe <database> is away");
});
