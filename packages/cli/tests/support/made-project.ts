import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { projectFiles } from "../../src/scaffold/project-files.ts";
import { writeFiles } from "../../src/scaffold/template.ts";

const MODULES = resolve(import.meta.dirname, "../../../../node_modules");

/** An empty directory that is removed when the test's scope ends. */
export async function emptyDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "tsjango-scaffold-")));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** A project as `startproject` writes it, with the workspace's packages. */
export async function madeProject(options: { example?: boolean } = {}) {
  const parent = await emptyDirectory();
  const directory = join(parent.path, "mysite");
  await mkdir(directory);
  writeFiles(directory, projectFiles({ name: "mysite", example: options.example ?? false, nodeVersion: "26.1.0" }));
  await symlink(MODULES, join(directory, "node_modules"));
  return { directory, [Symbol.asyncDispose]: () => parent[Symbol.asyncDispose]() };
}

/** What tsc has to say of a project, given the declarations of the built packages; empty when it is content. */
export async function typeErrors(directory: string): Promise<string> {
  const words = ["-p", directory, "--pretty", "false"];
  const result = await promisify(execFile)(join(MODULES, ".bin/tsc"), words).catch((error) => error);
  return `${result.stdout}${result.stderr}`;
}
