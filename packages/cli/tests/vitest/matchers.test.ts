import { HttpResponse } from "@tsjango/core/http";
import { describe, expect, test } from "vitest";
import { toHaveStatus } from "../../src/vitest/matchers.ts";

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
