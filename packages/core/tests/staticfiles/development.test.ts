import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@tsjango/core/test";
import { urls } from "@tsjango/core/urls";
import { defineApp } from "@tsjango/kernel/apps";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeSite } from "../support/site.ts";

let root: string;
let client: Client;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "tsjango-static-"));
  await mkdir(join(root, "app/static/blog"), { recursive: true });
  await mkdir(join(root, "app/static-evil"), { recursive: true });
  await writeFile(join(root, "app/static/blog/style.css"), "body { color: red }");
  await writeFile(join(root, "app/static-evil/x.css"), "evil");
  await writeFile(join(root, "secret.txt"), "secret");
  await symlink(join(root, "secret.txt"), join(root, "app/static/link.txt"));
  await symlink(join(root, "app/static-evil/x.css"), join(root, "app/static/neighbour.css"));
  const app = defineApp({ name: "blog", path: join(root, "app") });
  client = new Client((await makeSite(urls(), { debug: true, installedApps: [app] })).application);
});

afterAll(() => rm(root, { recursive: true, force: true }));

test("a file is served with its type, and not again while it is unchanged", async () => {
  const response = await client.get("/static/blog/style.css");
  expect([response.status, response.text(), response.headers.get("content-type")]).toEqual([
    200,
    "body { color: red }",
    "text/css; charset=utf-8",
  ]);
  const headers = { "if-modified-since": response.headers.get("last-modified") as string };
  expect((await client.get("/static/blog/style.css", { headers })).status).toBe(304);
  expect((await client.post("/static/blog/style.css")).status).toBe(405);
});

test.each([
  "/static/",
  "/static/blog",
  "/static/nope.css",
  "/static/..%2f..%2fsecret.txt",
  "/static/%2e%2e/%2e%2e/secret.txt",
  "/static/..%5c..%5csecret.txt",
  "/static/%2fetc/passwd",
  "/static//etc/passwd",
  "/static/..%2fstatic-evil/x.css",
  "/static/link.txt",
  "/static/neighbour.css",
  "/static/blog/..%2fblog/style.css",
  "/static/blog/style.css%00.txt",
  `/static/${"a".repeat(5000)}`,
])("%s is not found", async (path) => {
  expect((await client.get(path)).status).toBe(404);
});

test("without debug nothing is served", async () => {
  const app = defineApp({ name: "blog", path: join(root, "app") });
  const production = new Client((await makeSite(urls(), { installedApps: [app] })).application);
  expect((await production.get("/static/blog/style.css")).status).toBe(404);
});
