import { getCsrfToken } from "@tsjango/core/middleware";
import { makeRequest } from "@tsjango/core/test";
import { configure, type Settings } from "@tsjango/kernel/conf";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { formatProblem, secretToSend, tokenHolds } from "../../src/security/csrf-token.ts";
import { defineSettings } from "../support/site.ts";

beforeAll(() => configure(defineSettings({ baseDir: "/", secretKey: "x" }) as unknown as Settings));

const secret = fc.stringMatching(/^[a-zA-Z0-9]{32}$/);

function tokenFor(value: string): string {
  return getCsrfToken(makeRequest("GET", "/", { cookies: { csrftoken: value } }));
}

test("every masked token holds its secret, and no other", () => {
  fc.assert(
    fc.property(secret, secret, (own, other) => {
      const token = tokenFor(own);
      expect([token.length, formatProblem(token), token.includes(own)]).toEqual([64, undefined, false]);
      expect(tokenHolds(token, own)).toBe(true);
      expect(tokenHolds(tokenFor(token), own)).toBe(true);
      expect(tokenHolds(token, other)).toBe(own === other);
    }),
    { numRuns: 300, seed: 20_263 },
  );
});

test("a token with any character changed does not hold the secret", () => {
  fc.assert(
    fc.property(secret, fc.nat(63), (own, at) => {
      const token = tokenFor(own);
      const changed = token[at] === "a" ? "b" : "a";
      expect(tokenHolds(token.slice(0, at) + changed + token.slice(at + 1), own)).toBe(false);
    }),
    { numRuns: 300, seed: 20_264 },
  );
});

test("whatever a client sends as cookie or token is read without error", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 80 }), secret, (sent, own) => {
      const problem = formatProblem(sent);
      if (problem === undefined) expect(typeof tokenHolds(sent, own)).toBe("boolean");
      else expect(["has incorrect length", "has invalid characters"]).toContain(problem);
    }),
    { numRuns: 500, seed: 20_265 },
  );
});

test("new secrets differ, use the whole alphabet evenly, and are sent only when a page used them", () => {
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  for (let n = 0; n < 500; n++) {
    const request = makeRequest("GET", "/");
    expect(secretToSend(request)).toBeUndefined();
    getCsrfToken(request);
    const made = secretToSend(request) as string;
    seen.add(made);
    for (const character of made) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  expect([seen.size, counts.size]).toEqual([500, 62]);
  // 500 × 32 / 62 is 258 on average; far from it would be a bias.
  for (const count of counts.values()) expect(Math.abs(count - 258)).toBeLessThan(100);
});
