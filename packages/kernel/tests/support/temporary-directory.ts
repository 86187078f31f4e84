import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A directory that is removed at the end of the block, filled with `files` by relative path. */
export function temporaryDirectory(files: Record<string, string> = {}): Disposable & { readonly path: string } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "tsjango-kernel-")));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
