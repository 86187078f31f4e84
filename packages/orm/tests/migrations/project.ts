import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const DOOR = resolve(import.meta.dirname, "../../src/migrations/index.ts");

/** A directory like a project's, in which `tsjango/db/migrations` is this package's source. */
export function projectDirectory(files: Record<string, string> = {}): Disposable & { readonly path: string } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "tsjango-project-")));
  const all: Record<string, string> = {
    "package.json": JSON.stringify({ type: "module" }),
    "node_modules/tsjango/package.json": JSON.stringify({
      name: "tsjango",
      type: "module",
      exports: { "./db/migrations": { types: "./migrations.d.ts", default: "./migrations.js" } },
    }),
    "node_modules/tsjango/migrations.js": `export * from ${JSON.stringify(pathToFileURL(DOOR).href)};\n`,
    "node_modules/tsjango/migrations.d.ts": `export * from ${JSON.stringify(DOOR)};\n`,
    ...files,
  };
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
