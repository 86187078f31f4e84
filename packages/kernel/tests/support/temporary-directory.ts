import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A directory that is removed when the test has ended, filled with `files` by relative path. */
export function temporaryDirectory(files: Record<string, string> = {}): { readonly path: string } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "tsjango-kernel-")));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return { path };
}
