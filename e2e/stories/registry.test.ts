import { join } from "node:path";
import { expect, test } from "vitest";
import { localEnv, localNode, root } from "../../scripts/node.mjs";
import { isPortFree } from "../helpers/http.ts";
import { RunningCommand } from "../helpers/process.ts";

test("npm run registry serves the packed packages and others by name, until Ctrl-C", async () => {
  await using registry = new RunningCommand([localNode(), join(root, "scripts/registry.ts")], {
    cwd: root,
    env: localEnv(),
  });
  const [, url = ""] = await registry.printed(/export npm_config_registry=(\S+)/);
  for (const name of ["tsjango", "@tsjango/kernel", "commander"]) {
    const response = await fetch(`${url}/${name}`);
    expect(response.status, name).toBe(200);
    expect(await response.json()).toMatchObject({ name, "dist-tags": { latest: expect.any(String) } });
  }
  expect(await registry.interrupt()).toMatchObject({ code: 0 });
  expect(await isPortFree(Number(new URL(url).port))).toBe(true);
});
