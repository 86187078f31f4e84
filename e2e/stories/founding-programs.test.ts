import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, freePort } from "../helpers/http.ts";
import { Project } from "../helpers/project.ts";

const VIEWS = `import { setTimeout as sleep } from "node:timers/promises";
import { HttpResponse } from "tsjango/http";
import { View } from "tsjango/views";
import { Book } from "../books/models.ts";

export async function now(): Promise<HttpResponse> {
  return new HttpResponse(\`It is now \${new Date().toISOString()}.\`);
}

export class AsyncView extends View {
  async get(): Promise<HttpResponse> {
    await sleep(1000);
    return new HttpResponse("非同期ビューのレスポンス");
  }
}

export function blocking(): HttpResponse {
  const titles: string[] = [];
  // @ts-expect-error
  for (const book of Book.objects.all()) titles.push((book as Book).title);
  return new HttpResponse(titles.join(", "));
}

export async function streaming(): Promise<HttpResponse> {
  const titles: string[] = [];
  for await (const book of Book.objects.all()) titles.push(book.title);
  return new HttpResponse(titles.join(", "));
}

export function sync(): HttpResponse {
  return new HttpResponse("a sync view");
}
`;

const URLS = `import { include, path, urls } from "tsjango/urls";
import { urlpatterns as books } from "../books/urls.ts";
import * as views from "./founding.ts";

export const urlpatterns = urls(
  path("now/", views.now),
  path("async/", views.AsyncView.asView()),
  path("blocking/", views.blocking),
  path("streaming/", views.streaming),
  path("sync/", views.sync),
  path("", include(books, { namespace: "books" })),
);
`;

const TITLES = "Emma, Frankenstein, Middlemarch, Persuasion, こころ";

describe("the founding programs", () => {
  let project: Project;

  beforeAll(async () => {
    project = await Project.example();
    await project.tsjango(["migrate"]);
    await project.tsjango(["loadbooks"]);
    project.write("mysite/founding.ts", VIEWS);
    project.write("mysite/urls.ts", URLS);
  });
  afterAll(() => project?.[Symbol.dispose]());

  test("type-check, but for the plain loop over a query set", async () => {
    expect(await project.run(["npx", "tsc"])).toMatchObject({ code: 0 });
    project.write("mysite/founding.ts", VIEWS.replace("  // @ts-expect-error\n", ""));
    try {
      const { code, output } = await project.run(["npx", "tsc"]);
      expect(code).not.toBe(0);
      expect(output).toMatch(/mysite\/founding\.ts.*\[Symbol\.iterator\]/);
    } finally {
      project.write("mysite/founding.ts", VIEWS);
    }
  });

  test("an async function view, a sync view and for await answer; a plain loop is refused with the way out", async () => {
    await using site = await project.runserver();
    const before = Date.now();
    const now = await eventually(`${site.url}/now/`, (_text, response) => response.ok);
    const shown = Date.parse(/It is now (.+)\.$/.exec(now)?.[1] ?? "");
    expect(shown).toBeGreaterThanOrEqual(before);
    expect(shown).toBeLessThanOrEqual(Date.now());
    expect(await (await fetch(`${site.url}/sync/`)).text()).toBe("a sync view");
    expect(await (await fetch(`${site.url}/streaming/`)).text()).toBe(TITLES);

    const refused = await fetch(`${site.url}/blocking/`);
    expect(refused.status).toBe(500);
    const text = await refused.text();
    expect(text).toContain("SynchronousOnlyOperation");
    expect(text).toContain("for await");
    await site.server.printed(/SynchronousOnlyOperation/);
    expect(await (await fetch(`${site.url}/sync/`)).text()).toBe("a sync view");
  });

  test("TSJANGO_ALLOW_ASYNC_UNSAFE lets the plain loop run, and says at start that it does", async () => {
    await using site = await project.runserver({ TSJANGO_ALLOW_ASYNC_UNSAFE: "1" });
    await site.server.printed(/TSJANGO_ALLOW_ASYNC_UNSAFE is set/);
    await eventually(`${site.url}/blocking/`, (text) => text === TITLES);
  });

  test("200 concurrent requests to a view that sleeps a second are answered together, by one process", async () => {
    const port = await freePort();
    await using server = project.start(["serve", "mysite.asgi:application", "--bind", `127.0.0.1:${port}`]);
    const url = `http://127.0.0.1:${port}/async/`;
    await eventually(url, (text) => text === "非同期ビューのレスポンス");
    const started = performance.now();
    const answers = await Promise.all(Array.from({ length: 200 }, async () => (await fetch(url)).text()));
    const seconds = (performance.now() - started) / 1000;
    expect(answers).toEqual(answers.map(() => "非同期ビューのレスポンス"));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThan(20);
    expect(await server.stop()).toMatchObject({ code: 0 });
  });

  test("four workers serve the asgi.ts that was made", async () => {
    const port = await freePort();
    const words = ["serve", "mysite.asgi:application", "-w", "4", "--bind", `127.0.0.1:${port}`];
    await using server = project.start(words);
    const url = `http://127.0.0.1:${port}/streaming/`;
    await eventually(url, (text) => text === TITLES);
    const answers = await Promise.all(Array.from({ length: 100 }, async () => (await fetch(url)).text()));
    expect(new Set(answers)).toEqual(new Set([TITLES]));
    expect(await server.stop()).toMatchObject({ code: 0 });
    expect(server.isGroupAlive()).toBe(false);
  });
});
