import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { collectStatic, staticUrl } from "@tsjango/core/staticfiles";
import { createTemplateEngine } from "@tsjango/core/template";
import { Client } from "@tsjango/core/test";
import { urls } from "@tsjango/core/urls";
import { defineApp } from "@tsjango/kernel/apps";
import { runChecks } from "@tsjango/kernel/checks";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defineSettings, makeSite } from "../support/site.ts";

let root: string;
const LONG = "body { color: red }\n".repeat(100);

const FILES = {
  "blog/static/blog/style.css": `@import "base.css"; @import url('sub/more.css');\n/* url(nope.png) */\n.a { background: url(../img/a.png?v=1#x) } .b { background: url("data:image/png;base64,AA==") } .c { background: url(https://x.com/y.png) } .d { background: url(/static/img/a.png) } .e { background: url(#frag) }\n`,
  "blog/static/blog/base.css": LONG,
  "blog/static/blog/sub/more.css": ".m { background: url(../../img/a.png) }",
  "blog/static/img/a.png": "png bytes",
  "blog/static/blog/app.js":
    'import { b } from "./b.js"; import "three"; export * from "../lib/c.mjs"; const later = () => import("./b.js"); const text = \'import "./nope.js"\';\n//# sourceMappingURL=app.js.map\n',
  "blog/static/blog/app.js.map": "{}",
  "blog/static/blog/b.js": 'import { a } from "./app.js"; export const b = 1;',
  "blog/static/lib/c.mjs": "export const c = 1;",
  "blog/static/blog/classic.js": "var x = 1; // import './nope.js'",
  "blog/static/.hidden": "no",
  "extra/img/a.png": "the site's own",
  "extra/top.txt": "top",
} as const;

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "tsjango-collect-"));
  await write(FILES);
});
afterEach(() => rm(root, { recursive: true, force: true }));

function input(more: object = {}) {
  return {
    baseDir: root,
    staticDirs: ["extra"],
    installedApps: [defineApp({ name: "blog", path: join(root, "blog") })],
    ...more,
  };
}

function settings(more: object = {}) {
  return defineSettings({ secretKey: "for tests", ...input(more) });
}

async function paths(): Promise<Record<string, string>> {
  return JSON.parse(await readFile(join(root, "staticfiles/staticfiles.json"), "utf8")).paths;
}

const collected = (name: string) => readFile(join(root, "staticfiles", name), "utf8");

describe("collectStatic", () => {
  test("gives every file a hashed name beside its own; the project's directory comes first", async () => {
    const { written, unmodified, deleted } = await collectStatic(settings());
    expect({ unmodified, deleted }).toEqual({ unmodified: 0, deleted: [] });
    const names = await paths();
    expect(Object.keys(names)).toEqual([
      "blog/app.js",
      "blog/app.js.map",
      "blog/b.js",
      "blog/base.css",
      "blog/classic.js",
      "blog/style.css",
      "blog/sub/more.css",
      "img/a.png",
      "lib/c.mjs",
      "top.txt",
    ]);
    expect(names["img/a.png"]).toMatch(/^img\/a\.[0-9a-f]{12}\.png$/);
    expect(await collected("img/a.png")).toBe("the site's own");
    expect(await collected(names["img/a.png"] as string)).toBe("the site's own");
    expect(written).toContain("staticfiles.json");
    expect(
      (await readdir(join(root, "staticfiles"), { recursive: true })).filter((name) => name.endsWith(".tmp")),
    ).toEqual([]);
  });

  test("rewrites what style sheets and modules refer to, and nothing else", async () => {
    await collectStatic(settings());
    const names = await paths();
    const image = names["img/a.png"] as string;
    const last = (name: string) => (names[name] as string).split("/").at(-1);
    expect(await collected(names["blog/style.css"] as string)).toBe(
      `@import "./${last("blog/base.css")}"; @import url('./sub/${last("blog/sub/more.css")}');\n/* url(nope.png) */\n.a { background: url(../${image}?v=1#x) } .b { background: url("data:image/png;base64,AA==") } .c { background: url(https://x.com/y.png) } .d { background: url(/static/${image}) } .e { background: url(#frag) }\n`,
    );
    expect(await collected(names["blog/app.js"] as string)).toBe(
      `import { b } from "./${last("blog/b.js")}"; import "three"; export * from "../${names["lib/c.mjs"]}"; const later = () => import("./${last("blog/b.js")}"); const text = 'import "./nope.js"';\n//# sourceMappingURL=./${last("blog/app.js.map")}\n`,
    );
  });

  test("a file's name changes with what it refers to, also in a circle", async () => {
    await collectStatic(settings());
    const before = await paths();
    await write({ "extra/img/a.png": "another", "blog/static/blog/b.js": 'import "./app.js"; export const b = 2;' });
    await collectStatic(settings());
    const after = await paths();
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed).toEqual(["blog/app.js", "blog/b.js", "blog/style.css", "blog/sub/more.css", "img/a.png"]);
  });

  test("running it again writes nothing; --clear takes away what is left", async () => {
    const { written } = await collectStatic(settings());
    const again = await collectStatic(settings());
    expect(again).toMatchObject({ written: [], unmodified: written.length, deleted: [] });
    await rm(join(root, "extra/top.txt"));
    const dry = await collectStatic(settings(), { clear: true, dryRun: true });
    expect(dry.deleted).toHaveLength(2);
    expect(await collected("top.txt")).toBe("top");
    expect((await collectStatic(settings(), { clear: true })).deleted).toEqual(dry.deleted);
    await expect(collected("top.txt")).rejects.toThrow("ENOENT");
  });

  test("compresses what is worth it", async () => {
    await collectStatic(settings());
    const names = await paths();
    const base = join(root, "staticfiles", names["blog/base.css"] as string);
    expect(String(brotliDecompressSync(await readFile(`${base}.br`)))).toBe(LONG);
    expect(String(gunzipSync(await readFile(`${base}.gz`)))).toBe(LONG);
    await expect(readFile(join(root, "staticfiles/img/a.png.br"))).rejects.toThrow("ENOENT");
  });

  test("a reference to nothing is told with its file and the nearest name", async () => {
    await write({ "blog/static/blog/wrong.css": "a { background: url(stile.css) }" });
    await expect(collectStatic(settings())).rejects.toThrow(
      `The static file blog/wrong.css (${join(root, "blog/static/blog/wrong.css")}) refers to "stile.css", and there is no static file "blog/stile.css". Did you mean "blog/style.css"?`,
    );
  });

  test("the target may not be a source", async () => {
    await expect(collectStatic(settings({ staticRoot: "extra" }))).rejects.toThrow(
      "is one of the directories that static files come from",
    );
  });

  test("links that lead out are not collected", async () => {
    await write({ "secret.txt": "secret" });
    await symlink(join(root, "secret.txt"), join(root, "extra/link.txt"));
    await collectStatic(settings());
    expect(Object.keys(await paths())).not.toContain("link.txt");
  });
});

describe("production", () => {
  async function production() {
    await collectStatic(settings());
    return new Client((await makeSite(urls(), input())).application);
  }

  test("serves hashed names for ever, compressed where the browser takes it", async () => {
    const client = await production();
    const url = staticUrl("blog/base.css");
    expect(url).toBe(`/static/${(await paths())["blog/base.css"]}`);
    const brotli = await client.get(url, { headers: { "accept-encoding": "gzip, br;q=0.9" } });
    expect([
      brotli.status,
      ...["content-encoding", "content-type", "cache-control", "vary"].map((name) => brotli.headers.get(name)),
    ]).toEqual([200, "br", "text/css; charset=utf-8", "public, max-age=31536000, immutable", "Accept-Encoding"]);
    expect(String(brotliDecompressSync(brotli.content))).toBe(LONG);
    const gzip = await client.get(url, { headers: { "accept-encoding": "gzip, br;q=0" } });
    expect([gzip.headers.get("content-encoding"), String(gunzipSync(gzip.content))]).toEqual(["gzip", LONG]);
    const plain = await client.get(url);
    expect([plain.headers.get("content-encoding"), plain.headers.get("vary"), plain.text()]).toEqual([
      null,
      "Accept-Encoding",
      LONG,
    ]);
    expect(new Set([brotli, gzip, plain].map(({ headers }) => headers.get("etag"))).size).toBe(3);
  });

  test("serves plain names for a minute, ranges, conditions and HEAD", async () => {
    const client = await production();
    const response = await client.get("/static/blog/base.css");
    expect(response.headers.get("cache-control")).toBe("public, max-age=60");
    const range = await client.get("/static/blog/base.css", { headers: { range: "bytes=0-3" } });
    expect([range.status, range.text(), range.headers.get("content-range")]).toEqual([
      206,
      "body",
      `bytes 0-3/${LONG.length}`,
    ]);
    const headers = { "if-none-match": response.headers.get("etag") as string };
    expect((await client.get("/static/blog/base.css", { headers })).status).toBe(304);
    expect((await client.head("/static/blog/base.css")).headers.get("content-length")).toBe(String(LONG.length));
    expect((await client.post("/static/blog/base.css")).status).toBe(405);
  });

  test.each([
    "/static/",
    "/static/blog",
    "/static/nope.css",
    "/static/..%2fsecret.txt",
    "/static/%2e%2e/secret.txt",
    "/static//etc/passwd",
    "/static/blog/..%2f..%2fextra/top.txt",
    "/static/link.txt",
    "/static/__proto__",
  ])("%s is not found", async (path) => {
    const client = await production();
    await write({ "secret.txt": "secret" });
    await symlink(join(root, "secret.txt"), join(root, "staticfiles/link.txt"));
    expect((await client.get(path)).status).toBe(404);
  });

  test("{% static %} writes hashed names, keeps a query, and names what was not collected", async () => {
    await production();
    const site = settings();
    const engine = createTemplateEngine(site, { staticUrl });
    const names = await paths();
    expect(await engine.renderText('{% static "img/a.png" %} {% static "blog/base.css" as x %}{{ x }}')).toBe(
      `/static/${names["img/a.png"]} /static/${names["blog/base.css"]}`,
    );
    await expect(engine.renderText('{% static "img/b.png" %}')).rejects.toThrow(
      'There is no static file "img/b.png" among those that were collected. Did you mean "img/a.png"? Run: tsjango collectstatic (in a text, line 1)',
    );
  });

  test("a manifest that is none is told of at start", async () => {
    await write({ "staticfiles/staticfiles.json": "{" });
    await expect(makeSite(urls(), input())).rejects.toThrow(
      "staticfiles.json cannot be read as a manifest of static files. Run: tsjango collectstatic",
    );
  });
});

test("check names directories that are not there, and with --deploy that nothing was collected", async () => {
  const ids = async (options: object) =>
    (await runChecks(settings({ staticDirs: ["nope"] }), options)).map(({ id }) => id);
  expect(await ids({ tags: ["staticfiles"] })).toEqual(["staticfiles.W004"]);
  expect(await ids({ tags: ["staticfiles"], deploy: true })).toEqual(["staticfiles.W004", "staticfiles.W101"]);
});
