import { setTimeout as sleep } from "node:timers/promises";
import { HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect } from "@tsjango/core/http";
import { describe, expect, test } from "vitest";
import {
  toBlockEventLoop,
  toBlockEventLoopLessThan,
  toContainText,
  toHaveStatus,
  toMakeQueries,
  toRedirectTo,
  toUseTemplate,
} from "../../src/vitest/matchers.ts";

describe("toHaveStatus", () => {
  test("passes for the status, of web responses and of views' own", () => {
    expect(toHaveStatus(new Response("", { status: 404 }), 404).pass).toBe(true);
    expect(toHaveStatus(new HttpResponse("", { status: 201 }), 201).pass).toBe(true);
  });
  test("shows the start of the body where it fails", () => {
    const result = toHaveStatus(new HttpResponse("x".repeat(600), { status: 500 }), 200);
    expect([result.pass, result.actual, result.expected]).toEqual([false, 500, 200]);
    expect(result.message()).toBe(`Expected a response of status 200; it has 500.\n\n${"x".repeat(500)} …`);
  });
  test("says what it was given instead of a response", () => {
    expect(toHaveStatus(undefined, 200).message()).toBe("toHaveStatus needs a response; found undefined.");
    expect(toHaveStatus(Promise.resolve(), 200).message()).toMatch(/Await it first\.$/);
    expect(toHaveStatus({ status: "200" }, 200).pass).toBe(false);
  });
});

describe("toRedirectTo", () => {
  test("compares address and status", () => {
    const response = new HttpResponseRedirect("/login/?next=/");
    expect(toRedirectTo(response, "/login/?next=/").pass).toBe(true);
    expect(toRedirectTo(response, "http://localhost/login/?next=/").pass).toBe(true);
    expect(toRedirectTo(response, "/login/").message()).toBe(
      "Expected a redirect to http://localhost/login/ (302); it goes to http://localhost/login/?next=/ (302).",
    );
    const permanent = new HttpResponsePermanentRedirect("/new/");
    expect(toRedirectTo(permanent, "/new/").pass).toBe(false);
    expect(toRedirectTo(permanent, "/new/", { status: 301 }).pass).toBe(true);
  });
  test("takes the last one that was followed", () => {
    const redirects = [
      { url: "http://localhost/a/", status: 301 },
      { url: "http://localhost/b/", status: 302 },
    ];
    const followed = { status: 200, redirects, url: "http://localhost/b/" };
    expect(toRedirectTo(followed, "/b/").pass).toBe(true);
    expect(toRedirectTo(followed, "/a/").pass).toBe(false);
  });
  test("says so where there is none", () => {
    const message = toRedirectTo(new HttpResponse("page"), "/b/").message();
    expect(message).toBe("Expected a redirect to /b/; the response has status 200.\n\npage");
  });
});

describe("toContainText", () => {
  test("finds and counts", () => {
    const response = new HttpResponse("tea, tea");
    expect(toContainText(response, "tea").pass).toBe(true);
    expect(toContainText(response, "tea", { count: 2 }).pass).toBe(true);
    expect(toContainText(response, "tea", { count: 1 }).message()).toBe(
      'Expected the body to contain "tea" once; it does 2 times.\n\ntea, tea',
    );
    expect(toContainText(response, "coffee").message()).toMatch(/contain "coffee"; it does not\./);
  });
  test("never passes for a page of another status, negated or not", () => {
    const missing = new HttpResponse("tea", { status: 404 });
    expect(() => toContainText(missing, "coffee")).toThrow("Expected a response of status 200; it has 404.");
    expect(toContainText(missing, "tea", { status: 404 }).pass).toBe(true);
    expect(() => toContainText(new HttpResponse("tea"), "")).toThrow("needs a text that is not empty");
    expect(() => toContainText(new Response("tea"), "coffee")).toThrow(
      "toContainText needs a body that has been read;",
    );
  });
});

test("toUseTemplate names the templates that were used", () => {
  const response = { status: 200, templates: new Set(["a.html", "base.html"]) };
  expect(toUseTemplate(response, "base.html").pass).toBe(true);
  expect(toUseTemplate(response, "b.html").message()).toBe(
    "Expected the template b.html to be rendered; used were a.html, base.html.",
  );
  expect(toUseTemplate({ status: 200, templates: new Set() }, "b.html").message()).toMatch(/no template was\.$/);
  expect(toUseTemplate(new Response(""), "b.html").message()).toMatch(/^toUseTemplate needs a response of the client;/);
});

describe("toBlockEventLoopLessThan", () => {
  const spin = (milliseconds: number) => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
  };
  test("measures one stretch, not the whole", async () => {
    const inPieces = async () => {
      for (let count = 0; count < 10; count++) {
        spin(30);
        await sleep(1);
      }
    };
    expect(await toBlockEventLoopLessThan(inPieces, 250)).toMatchObject({ pass: true });
    expect(await toBlockEventLoopLessThan(() => sleep(40), 1000)).toMatchObject({ pass: true });
  });
  test("tells how long it was, at the start, in the middle, at the end", async () => {
    const late = async () => {
      await sleep(1);
      spin(60);
    };
    for (const run of [() => spin(60), late, () => late().then(() => sleep(1))]) {
      const result = await toBlockEventLoopLessThan(run, 50);
      expect(result.pass).toBe(false);
      expect(result.message()).toMatch(/held up for less than 50 ms; it was for \d{2,}\.\d ms\./);
    }
  });
  test("shows the line that held it up, also under its other name", { timeout: 30_000 }, async () => {
    const late = () => sleep(1).then(() => spin(400));
    const place =
      /\n {2}\d+ ms, at packages\/cli\/tests\/vitest\/matchers\.test\.ts:\d+:\d+:\n {4}at spin \(packages\/cli/;
    for (const matcher of [() => toBlockEventLoopLessThan(late, 50), () => toBlockEventLoop(late)]) {
      let message = "";
      // A busy machine may keep the thread from looking in time.
      for (let round = 0; round < 10 && !place.test(message); round++) message = (await matcher()).message();
      expect(message).toMatch(place);
    }
    expect(await toBlockEventLoop(() => sleep(1), 1000)).toMatchObject({ pass: false });
    expect((await toBlockEventLoop(3)).message()).toBe("toBlockEventLoop needs a function to run; found number 3.");
  });
});

test("matchers that run something say what they were given instead", async () => {
  expect((await toMakeQueries(1, 1)).message()).toBe("toMakeQueries needs a function to run; found number 1.");
  expect((await toBlockEventLoopLessThan("x", 1)).message()).toMatch(/needs a function to run; found string 'x'\./);
});
