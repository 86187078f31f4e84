import { writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isIgnored, watchProject } from "../../src/reloader/watcher.ts";

test.each([
  ["mysite/views.ts", false],
  [".env", false],
  ["", false],
  ["blog/templates/blog/list.html", false],
  ["node_modules/x/index.js", true],
  [".git/HEAD", true],
  ["dist/a.js", true],
  ["db.sqlite3", true],
  ["db.sqlite3-journal", true],
  [".hidden/file", true],
])("%j: ignored is %s", (path, ignored) => expect(isIgnored("/project", join("/project", path))).toBe(ignored));

test("many saves in a row make few calls", async () => {
  const directory = await mkdtemp(join(tmpdir(), "tsjango-watch-"));
  await mkdir(join(directory, "node_modules"));
  const changed: string[] = [];
  let calls = 0;
  const watch = watchProject(directory, {
    stirred: () => undefined,
    unchanged: () => undefined,
    changed(files) {
      calls++;
      changed.push(...files);
    },
  });
  await watch.ready;
  const saves = Array.from({ length: 50 }, (_, index) => `${index}.ts`);
  for (const name of ["node_modules/x.js", ...saves]) writeFileSync(join(directory, name), "");
  await expect.poll(() => changed.length, { timeout: 5000 }).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 500));
  // One, on a machine that has nothing else to do.
  expect(calls).toBeLessThanOrEqual(5);
  expect(new Set(changed)).toEqual(new Set(saves.map((name) => join(directory, name))));
  await watch.close();
  await rm(directory, { recursive: true });
});
