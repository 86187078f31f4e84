import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

test("a compiled class has methods that are async, with their this, and guarded ones", async () => {
  // Below the package, so that its dependencies are found.
  const directory = mkdtempSync(join(import.meta.dirname, "compiled-"));
  try {
    const tsc = resolve(import.meta.dirname, "../../../../node_modules/.bin/tsc");
    const source = join(import.meta.dirname, "fixtures/report.ts");
    const target = [
      "--outDir",
      directory,
      "--target",
      "es2022",
      "--module",
      "nodenext",
      "--noCheck",
      "--rootDir",
      "fixtures",
      "--ignoreConfig",
    ];
    await run(tsc, [source, ...target], { cwd: import.meta.dirname });
    const { stdout } = await run(process.execPath, ["--conditions=@tsjango/source", join(directory, "report.js")]);
    expect(stdout).toBe("true 40 build\nread\nUse print.\n");
  } finally {
    rmSync(directory, { recursive: true });
  }
});
