import { execFile } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { addInstalledApp } from "../../packages/cli/src/scaffold/add-installed-app.ts";
import { projectFiles } from "../../packages/cli/src/scaffold/project-files.ts";
import { readTemplate, templateDirectory } from "../../packages/cli/src/scaffold/template.ts";
import { type Snippet, snippetsOf } from "../../scripts/snippets.ts";

const root = resolve(import.meta.dirname, "../..");
const pages = globSync(["README.md", "docs/**/*.md"], { cwd: root }).sort();

/** A made project with an app `blog`, and over it the files that a page shows; other snippets as modules beside them. */
function makeProject(page: string, snippets: readonly Snippet[]): { directory: string; modules: string[] } {
  const files = projectFiles({ name: "mysite", example: false, nodeVersion: process.versions.node });
  const app = readTemplate(templateDirectory("app"), "blog", "blog");
  for (const path of ["app.ts", "models.ts"]) files.set(`blog/${path}`, app.get(path) as string);
  const settings = addInstalledApp(files.get("mysite/settings.ts") as string, "blog", "../blog/app.ts");
  files.set("mysite/settings.ts", settings as string);
  const modules: string[] = [];
  for (const { file, line, code } of snippets) {
    const path = file ?? `blog/line-${line}.ts`;
    files.set(path, /^(import|export)\b/m.test(code) || path.endsWith(".html") ? code : `${code}export {};\n`);
    if (path.endsWith(".ts") && !path.includes("test")) modules.push(`./${path}`);
  }
  const directory = join(root, ".cache/docs", page.replaceAll("/", "-"));
  rmSync(directory, { recursive: true, force: true });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return { directory, modules };
}

async function succeed(directory: string, command: string, words: readonly string[]): Promise<void> {
  const done = promisify(execFile)(command, words, { cwd: directory });
  const problem = await done.then(
    () => "",
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  );
  expect(problem).toBe("");
}

describe("the snippets of", () => {
  const all = pages.map((page) => {
    const snippets = snippetsOf(page, readFileSync(join(root, page), "utf8"));
    return [page, snippets.filter(({ flags }) => !flags.includes("nocheck"))] as const;
  });
  const tsc = join(root, "node_modules/.bin/tsc");
  const tsjango = join(root, "packages/tsjango/bin/tsjango.js");

  test.for(all.filter(([, snippets]) => snippets.length > 0))(
    "%s compile and run in a made project",
    { timeout: 60_000 },
    async ([page, snippets]) => {
      const { directory, modules } = makeProject(page, snippets);
      await succeed(directory, tsc, ["-p", ".", "--pretty", "false"]);
      const imports = modules.map((module) => `import ${JSON.stringify(module)};`).join("\n");
      await succeed(directory, process.execPath, ["--input-type=module", "--eval", imports]);
      if (!snippets.some(({ flags }) => flags.includes("run"))) return;
      await succeed(directory, process.execPath, [tsjango, "makemigrations"]);
      await succeed(directory, process.execPath, [tsjango, "test"]);
    },
  );
});
