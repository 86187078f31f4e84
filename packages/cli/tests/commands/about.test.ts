import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { madeProject } from "../support/made-project.ts";
import { run } from "../support/site.ts";
import { use } from "../support/use.ts";

const PASSWORD = "hunter2-of-the-database";

/** A project with a second database that nobody serves, and an app that tells something. */
async function project() {
  const { directory } = use(await madeProject({ example: true }));
  const edit = (file: string, from: string, to: string) => {
    const path = join(directory, file);
    const text = readFileSync(path, "utf8");
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
  };
  const other = `other: { url: "postgres://me:${PASSWORD}@127.0.0.1:9/shop?sslpassword=${PASSWORD}" }`;
  edit("mysite/settings.ts", "databases: { ", `databases: { ${other}, `);
  edit(
    "books/app.ts",
    "defineApp({",
    'defineApp({\n  about: async () => ({ books: { shelves: 3, apiKey: "k-123" } }),',
  );
  mkdirSync(join(directory, "books/templates"), { recursive: true });
  writeFileSync(join(directory, "package-lock.json"), "{}");
  return directory;
}

describe("about", { timeout: 120_000 }, () => {
  test("tells what there is, as data and as text, and no secret", async () => {
    const directory = await project();
    const { code, stdout, stderr } = await run(directory, ["about", "--json"], { SECRET_KEY: "s".repeat(60) });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      versions: { node: process.versions.node, "package manager": "npm" },
      project: {
        directory,
        "settings file": join(directory, "mysite/settings.ts"),
        "time zone": "UTC",
        apps: expect.arrayContaining(["@tsjango/core", "@tsjango/orm", "books"]),
      },
      server: { application: "./mysite/asgi.ts", "server file": null, workers: 1 },
      http: { middleware: ["security", "common", "csrf"] },
      templates: { directories: [join(directory, "books/templates")] },
      "static files": { url: "/static/", collected: false },
      "database default": {
        vendor: "sqlite",
        version: expect.stringContaining("SQLite 3."),
        "pending migrations": ["books.0001_initial"],
      },
      "database other": {
        vendor: "postgres",
        url: "postgres://me:********@127.0.0.1:9/shop?sslpassword=********",
        error: expect.any(String),
      },
      books: { shelves: 3, apiKey: "********" },
    });
    expect(stdout).not.toMatch(/hunter2|k-123|ssss/);

    const text = (await run(directory, ["about"])).stdout;
    expect(text).toMatch(/^versions\n {2}tsjango +\d/);
    expect(text).toMatch(/^ {2}pending migrations {2,}books\.0001_initial$/m);
    const columns = text.split("\n").filter((line) => line.startsWith("  "));
    const starts = columns.map((line) => /^ {2}(?:\S| \S)+ {2,}/.exec(line)?.[0].length);
    expect(new Set(starts).size).toBe(1);
    expect(text).not.toMatch(/hunter2|k-123/);
  });
});
