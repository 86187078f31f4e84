import { expect, test } from "vitest";
import { detectPackageManager } from "../../src/scaffold/package-manager.ts";

test.for([
  [undefined, "npm", "npx"],
  ["npm/11.19.1 node/v26.10.0 linux x64 workspaces/false", "npm", "npx"],
  ["pnpm/10.2.0 npm/? node/v26.10.0 linux x64", "pnpm", "pnpm"],
  ["yarn/1.22.22 npm/? node/v26.10.0 linux x64", "yarn", "yarn"],
  ["bun/1.3.0 npm/? node/v26.10.0", "bun", "bunx"],
  ["deno/2.0.0", "npm", "npx"],
] as const)("the package manager of %s is %s", ([agent, name, execute]) => {
  expect(detectPackageManager(agent)).toMatchObject({ name, execute, install: ["install"], files: {} });
});

test("a later Yarn is told to make node_modules", () => {
  expect(detectPackageManager("yarn/4.9.1 npm/? node/v26.10.0").files).toEqual({
    ".yarnrc.yml": "nodeLinker: node-modules\n",
  });
});
