import { execFile } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { projectFiles } from "../../packages/cli/src/scaffold/project-files.ts";
import { readTemplate, templateDirectory } from "../../packages/cli/src/scaffold/template.ts";
import { snippetsOf } from "../../scripts/snippets.ts";

const root = resolve(import.meta.dirname, "../..");
const pages = globSync(["README.md", "docs/**/*.md"], { cwd: root }).sort();

/** A made project with an app `blog`, and over it the files that a page shows; other snippets as modules beside them. */
function filesOf(page: string, markdown: string): Map<string, string> {
  const files = projectFiles({ name: "mysite", example: false, nodeVersion: process.versions.node });
  const app = readTemplate(templateDirectory("app"), "blog", "blog");
  for (const path of ["app.ts", "models.ts"]) files.set(`blog/${path}`, app.get(path) as string);
  for (const { file, line, flags, code } of snippetsOf(page, markdown)) {
    if (flags.includes("nocheck")) continue;
    files.set(file ?? `blog/line-${line}.ts`, /^(import|export)\b/m.test(code) ? code : `${code}export {};\n`);
  }
  return files;
}

async function compile(page: string): Promise<string> {
  const directory = join(root, ".cache/docs", page.replaceAll("/", "-"));
  rmSync(directory, { recursive: true, force: true });
  for (const [path, text] of filesOf(page, readFileSync(join(root, page), "utf8"))) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const tsc = join(root, "node_modules/.bin/tsc");
  const words = ["-p", ".", "--customConditions", "@tsjango/source", "--pretty", "false"];
  const { stdout } = await promisify(execFile)(tsc, words, { cwd: directory }).catch((error) => error);
  return stdout;
}

describe("the snippets of", () => {
  const withSnippets = pages.filter((page) => /^```ts(?!.*nocheck)/m.test(readFileSync(join(root, page), "utf8")));
  test.for(withSnippets)("%s compile in a made project", { timeout: 60_000 }, async (page) => {
    expect(await compile(page)).toBe("");
  });
});
