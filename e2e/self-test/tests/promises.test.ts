import { setTimeout as sleep } from "node:timers/promises";
import { settings } from "tsjango/conf";
import { Signal } from "tsjango/signals";
import {
  Client,
  captureLogs,
  captureSignal,
  client,
  describe,
  expect,
  factory,
  fixtures,
  freezeTime,
  liveServer,
  loadFixtures,
  overrideSettings,
  setUpTestData,
  test,
} from "tsjango/test";
import { Author, Book } from "../shop/models.ts";
import { application } from "./application.ts";

const greeted = new Signal<string>("greeted");

test("matchers", async () => {
  expect(await client.get("/hello/")).toHaveStatus(200);
  expect(await client.get("/old/")).toRedirectTo("/hello/");
  expect(await client.get("/old/", { follow: true })).toRedirectTo("/hello/");
  expect(await client.get("/hello/")).toContainText("hello", { count: 2 });
  expect(await client.get("/page/")).toUseTemplate("page.html");
  expect(await client.get("/hello/")).not.toUseTemplate("page.html");
  expect(await client.get("/page/")).toContainHtml("<li> Emma </li>", { count: 1 });
  expect(await client.get("/page/")).not.toContainHtml("<li>Charlotte</li>");
  expect(await client.get("/page/")).toEqualHtml("<ul class='names'><li>Emma<li>Anne</ul>");
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
  expect(logs).toMatchObject([
    { level: "error", message: "Internal Server Error: GET /crash/", error: new TypeError("broken view") },
  ]);
});
test("and not in the next", () => {
  expect(greeted.hasReceivers()).toBe(false);
});

test("a live server sees what the test wrote", async () => {
  await Author.objects.create({ name: "Jane" });
  const { url } = await liveServer();
  expect(await (await fetch(new URL("/authors/", url))).text()).toBe("1");
});

test("a client may be asked for CSRF tokens", async () => {
  const other = new Client(application, { enforceCsrf: true });
  expect(await client.post("/hello/")).toHaveStatus(200);
  expect(await other.post("/hello/")).toHaveStatus(403);
});

describe("fixtures", () => {
  fixtures(["authors.json"]);
  test("are there in each test", async () => {
    expect(await loadFixtures(["books.ts"])).toBe(1);
    expect((await (await Book.objects.get({ pk: 1 })).author).name).toBe("Jane Austen");
    await Author.objects.all().delete();
  });
  test("whatever another one did", async () => {
    expect([await Author.objects.count(), await Book.objects.count()]).toEqual([2, 0]);
  });
});

describe("shared data", () => {
  setUpTestData(() => factory(Author).createBatch(3));
  test("is there", async () => expect(await Author.objects.count()).toBe(3));
});
test("and gone after it", async () => expect(await Author.objects.count()).toBe(0));
