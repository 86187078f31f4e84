import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { madeProject, typeErrors } from "../support/made-project.ts";
import { run } from "../support/site.ts";
import { use } from "../support/use.ts";

const VIEWS = `
import { HttpResponse, HttpResponseRedirect } from "tsjango/http";
import { render } from "tsjango/shortcuts";
import { path, urls } from "tsjango/urls";
import { settings } from "tsjango/conf";
import { Author } from "./books/models.ts";

export const urlpatterns = urls(
  path("hello/", () => new HttpResponse("hello hello")),
  path("old/", () => new HttpResponseRedirect("/hello/")),
  path("page/", (request) => render(request, "page.html")),
  path("debug/", () => new HttpResponse(String(settings.debug))),
  path("now/", () => new HttpResponse(new Date().toISOString())),
  path("authors/", async () => new HttpResponse(String(await Author.objects.all().count()))),
  path("crash/", () => {
    throw new TypeError("broken view");
  }),
  path("loop/", async () => {
    for (let id = 1; id <= 5; id++) await Author.objects.filter({ id }).exists();
    return new HttpResponse("done");
  }),
);
`;

/** A made project with these tests in it; their messages, by what is printed. */
async function ran(tests: string, config = "") {
  const { directory } = use(await madeProject({ example: true }));
  writeFileSync(join(directory, "test-urls.ts"), VIEWS);
  mkdirSync(join(directory, "books/templates"), { recursive: true });
  writeFileSync(join(directory, "books/templates/page.html"), "<p>page</p>");
  writeFileSync(
    join(directory, "vitest.config.ts"),
    'import tsjango from "tsjango/test/config";\nimport { defineConfig } from "vitest/config";\n' +
      `export default defineConfig({ plugins: [tsjango({ ${config} })] });\n`,
  );
  const file = `
import { setTimeout as sleep } from "node:timers/promises";
import { settings } from "tsjango/conf";
import { Signal } from "tsjango/signals";
import { beforeAll, beforeEach, captureLogs, captureSignal, Client, client, describe, expect, freezeTime, liveServer, overrideSettings, test } from "tsjango/test";
import { Author } from "../books/models.ts";

beforeEach(() => overrideSettings({ rootUrlconf: () => import("../test-urls.ts") }));
const greeted = new Signal<string>("greeted");
void [beforeAll, sleep, settings, captureLogs, captureSignal, Client, client, describe, freezeTime, liveServer, greeted, Author];
${tests}
`;
  writeFileSync(join(directory, "tests/kit.test.ts"), file);
  const types = await typeErrors(directory);
  const result = await run(directory, ["test", "tests/kit.test.ts"]);
  return { ...result, output: `${types}${result.stdout}${result.stderr}` };
}

test("what the kit promises holds in a made project", { timeout: 60_000 }, async () => {
  const { output, code } = await ran(`
test("matchers", async () => {
  expect(await client.get("/old/")).toRedirectTo("/hello/");
  expect(await client.get("/old/", { follow: true })).toRedirectTo("/hello/");
  expect(await client.get("/hello/")).toContainText("hello", { count: 2 });
  expect(await client.get("/page/")).toUseTemplate("page.html");
  expect(await client.get("/hello/")).not.toUseTemplate("page.html");
  await expect(() => client.get("/authors/")).toMakeQueries(1);
  await expect(() => sleep(5)).toBlockEventLoopLessThan(2000);
});
test("settings are changed for a block, or until the end of the test", async () => {
  expect(await client.get("/debug/")).toContainText("false");
  const inside = await overrideSettings({ debug: true, appendSlash: false }, async () => {
    expect(await client.get("/hello")).toHaveStatus(404);
    return (await client.get("/debug/")).text();
  });
  expect(inside).toBe("true");
  expect(await client.get("/debug/")).toContainText("false");
  expect(await client.get("/hello")).toRedirectTo("/hello/", { status: 301 });
  await overrideSettings({ debug: true });
});
test("and are as before in the next", () => {
  expect(settings.debug).toBe(false);
});
test("time stands still, and timers go on", async () => {
  freezeTime("2026-01-01");
  await sleep(5);
  expect(await client.get("/now/")).toContainText("2026-01-01T00:00:00.000Z");
  freezeTime(new Date("2026-02-01"));
  expect(new Date().getUTCMonth()).toBe(1);
});
test("and goes on in the next", () => {
  expect(Date.now()).toBeGreaterThan(Date.parse("2026-03-01"));
});
test("signals and logs are gathered", async () => {
  const sent = captureSignal(greeted);
  await greeted.send("Emma");
  expect(sent).toEqual(["Emma"]);
  const logs = captureLogs();
  await expect(client.get("/crash/")).rejects.toThrow("broken view");
  expect(logs).toEqual([{ level: "error", message: "Internal Server Error: GET /crash/", error: new TypeError("broken view") }]);
});
test("and not in the next", () => {
  expect(greeted.hasReceivers()).toBe(false);
});
test("a live server sees what the test wrote", async () => {
  await Author.objects.create({ name: "Jane" });
  const { url } = await liveServer();
  expect(await (await fetch(new URL("/authors/", url))).text()).toBe("1");
});
`);
  expect(output).toMatch(/Tests\s+8 passed \(8\)/);
  expect(code).toBe(0);
});

test("what is wrong is told in words", { timeout: 60_000 }, async () => {
  const { output, code } = await ran(
    `
test("status", async () => expect(await client.get("/hello/")).toHaveStatus(201));
test("redirect", async () => expect(await client.get("/old/")).toRedirectTo("/new/"));
test("text", async () => expect(await client.get("/hello/")).toContainText("hello", { count: 1 }));
test("template", async () => expect(await client.get("/page/")).toUseTemplate("other.html"));
test("queries", async () => {
  await expect(() => Author.objects.filter({ name: "Zoe" }).exists()).toMakeQueries(0);
});
test("loop", async () => {
  const spin = () => {
    const end = performance.now() + 60;
    while (performance.now() < end);
  };
  await expect(spin).toBlockEventLoopLessThan(50);
});
test("crash", () => client.get("/crash/"));
test("repeats", async () => {
  await client.get("/loop/");
});
test("wrong setting", () => overrideSettings({ appendSlash: "no" as never }));
test("fixed setting", () => overrideSettings({ databases: {} }));
test("no date", () => freezeTime("yesterday"));
describe("outside of a test", () => {
  beforeAll(() => {
    captureLogs();
  });
  test("never runs", () => {});
});
`,
    "repeatedQueries: 5",
  );
  expect(code).toBe(1);
  for (const message of [
    "Expected a response of status 201; it has 200.",
    "Expected a redirect to http://localhost/new/ (302); it goes to http://localhost/hello/ (302).",
    'Expected the body to contain "hello" once; it does 2 times.',
    "Expected the template other.html to be rendered; used were page.html.",
    "Expected 0 queries; 1 was made:",
    ' -- "Zoe"',
    "Expected the event loop to be held up for less than 50 ms; it was for ",
    "broken view",
    "The same query ran again and again (5 times are too many):",
    "  5 times",
    "appendSlash: expected boolean, found string 'no'.",
    "overrideSettings cannot change databases",
    "freezeTime takes a Date, or what new Date() takes, such as \"2026-01-01\"; found string 'yesterday'.",
    "captureLogs is undone at the end of a test, and no test runs here.",
  ]) {
    expect(output).toContain(message);
  }
  // The line of the view, not of the framework.
  expect(output).toMatch(/ 5 times, .*test-urls\.ts:\d+:\d+\)?: /i);
});
