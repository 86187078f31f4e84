import { expect, test } from "vitest";
import { complete, platformOf } from "../lock.ts";

test("the platform of an optional package is read from its name", () => {
  expect(platformOf("@biomejs/cli-linux-x64-musl")).toEqual({
    cpu: ["x64"],
    libc: ["musl"],
    optional: true,
    os: ["linux"],
  });
  expect(platformOf("@oxc-parser/binding-win32-arm64-msvc")).toEqual({ cpu: ["arm64"], optional: true, os: ["win32"] });
  expect(platformOf("@turbo/darwin-64")).toEqual({ cpu: ["x64"], optional: true, os: ["darwin"] });
  expect(platformOf("fsevents")).toBeUndefined();
});

test("a platform's package missing from the lock is entered with its parent's version, others are left alone", () => {
  const lock = {
    packages: {
      "": {},
      "node_modules/tool": {
        dev: true,
        optionalDependencies: { "tool-linux-x64": "2.0.0", "tool-darwin-arm64": "2.0.0" },
      },
      "node_modules/tool-linux-x64": { version: "2.0.0", integrity: "sha512-x" },
    },
  };
  const { lock: full, added } = complete(lock);
  expect(added).toEqual(["tool-darwin-arm64"]);
  expect(full.packages).toMatchObject({
    "node_modules/tool-darwin-arm64": { version: "2.0.0", os: ["darwin"], cpu: ["arm64"], dev: true, optional: true },
    "node_modules/tool-linux-x64": { version: "2.0.0", integrity: "sha512-x" },
  });
});
