import { expect, test } from "vitest";
import { isNewEnough, localEnv, localNode, systemEnv } from "../node.mjs";

test("the supported lines of Node begin at their security releases", () => {
  const versions = ["20.20.2", "22.23.1", "22.23.2", "23.9.0", "24.18.0", "24.18.1", "25.0.0", "26.0.0", "30.1.0"];
  expect(versions.filter((version) => isNewEnough(version))).toEqual(["22.23.2", "24.18.1", "26.0.0", "30.1.0"]);
});

test("the tools of the repository come first on PATH, and nothing of node_modules in the environment of the install", () => {
  const first = localEnv().PATH.split(":")[0];
  expect(localNode().startsWith(`${first}/`)).toBe(true);
  expect(systemEnv().PATH).not.toContain("/node_modules/.bin");
});
