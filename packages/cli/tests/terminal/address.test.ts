import { afterEach, expect, test } from "vitest";
import { parseAddress } from "../../src/terminal/address.ts";

afterEach(() => {
  delete process.env["PORT"];
});

test.each([
  [undefined, "127.0.0.1", 8000],
  ["8001", "127.0.0.1", 8001],
  ["0.0.0.0:80", "0.0.0.0", 80],
  ["[::1]:8001", "::1", 8001],
  ["localhost", "localhost", 8000],
  ["127.0.0.1:0", "127.0.0.1", 0],
])("%s is an address", (text, host, port) => expect(parseAddress(text)).toEqual({ host, port }));

test("the variable PORT is the default", () => {
  process.env["PORT"] = "8123";
  expect(parseAddress(undefined).port).toBe(8123);
  expect(parseAddress("8001").port).toBe(8001);
  process.env["PORT"] = "eighty";
  expect(() => parseAddress(undefined)).toThrow('The environment variable PORT is "eighty"');
});

test.each(["", "here:there", "1:2:3", "127.0.0.1:70000", ":80"])("%j is none", (text) => {
  expect(() => parseAddress(text)).toThrow(/no address|no port/);
});
