import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HttpRequest, HttpResponse } from "@tsjango/core/http";
import { render, renderToString } from "@tsjango/core/shortcuts";
import { Client } from "@tsjango/core/test";
import { path, urls } from "@tsjango/core/urls";
import { expect, onTestFinished, test } from "vitest";
import { makeSite } from "../support/site.ts";

test("a response knows its templates, with those they extend and include", async () => {
  const directory = await mkdtemp(join(tmpdir(), "tsjango-templates-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, "base.html"), '{% include "nav.html" %}{% block main %}{% endblock %}');
  await writeFile(join(directory, "nav.html"), "nav ");
  await writeFile(join(directory, "page.html"), '{% extends "base.html" %}{% block main %}page{% endblock %}');
  const urlpatterns = urls(
    path("page/", (request) => render(request, "page.html")),
    path("plain/", () => new HttpResponse("x")),
  );
  const { application } = await makeSite(urlpatterns, { templates: { dirs: [directory] } });
  const client = new Client(application);
  for (const request of [client.get("/page/"), client.get("/page/")]) {
    const response = await request;
    expect(response.text()).toBe("nav page");
    expect([...response.templates].sort()).toEqual(["base.html", "nav.html", "page.html"]);
  }
  expect([...(await client.get("/plain/")).templates]).toEqual([]);
});

test("and what they were given; of several values of one name the first", async () => {
  const directory = await mkdtemp(join(tmpdir(), "tsjango-templates-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, "page.html"), "{{ title }}");
  const urlpatterns = urls(
    path("page/", async (request) => {
      await renderToString("page.html", { title: "first", more: [1] });
      return render(request, "page.html", { title: "second" });
    }),
    path("plain/", () => new HttpResponse("x")),
  );
  const { application } = await makeSite(urlpatterns, { templates: { dirs: [directory] } });
  const client = new Client(application);
  const { context } = await client.get("/page/");
  expect([context["title"], context["more"], (context["request"] as HttpRequest).path]).toEqual([
    "first",
    [1],
    "/page/",
  ]);
  expect((await client.get("/plain/")).context).toEqual({});
});
