import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
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

test("saves in a row make one call", async () => {
  const directory = await mkdtemp(join(tmpdir(), "tsjango-watch-"));
  await mkdir(join(directory, "node_modules"));
  const changed: string[] = [];
  const watch = watchProject(directory, (file) => changed.push(file));
  await watch.ready;
  for (const name of ["node_modules/x.js", "a.ts", "b.ts", "c.ts"]) await writeFile(join(directory, name), "");
  await expect.poll(() => changed).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(changed).toHaveLength(1);
  await watch.close();
  await rm(directory, { recursive: true });
});
