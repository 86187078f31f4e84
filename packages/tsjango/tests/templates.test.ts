import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onStatement } from "@tsjango/orm/test";
import { defineApp, setup, tearDown } from "tsjango/apps";
import { defineSettings } from "tsjango/conf";
import { choices, connections, fields, Model } from "tsjango/db";
import { createTemplateEngine, type TemplateEngine } from "tsjango/template";
import { afterAll, beforeAll, expect, test } from "vitest";

class Writer extends Model<Writer>()({
  name: fields.char({ maxLength: 100 }),
  role: fields.char({ choices: choices({ a: "Author", e: "Editor" }), default: "a" }),
  novels: () => fields.related(Novel, "writer"),
}) {}

class Novel extends Model<Novel>()({
  title: fields.char({ maxLength: 100 }),
  writer: () => fields.foreignKey(Writer, { onDelete: "cascade" }),
}) {}

let directory: string;
let engine: TemplateEngine;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tsjango-pages-"));
  const app = defineApp({ name: "pages", models: async () => ({ Writer, Novel }) });
  const settings = defineSettings({
    baseDir: directory,
    secretKey: "for tests",
    installedApps: [app],
    databases: { default: { url: "sqlite::memory:" } },
  });
  engine = createTemplateEngine(await setup(settings as never));
  for (const statement of [
    'CREATE TABLE "pages_writer" ("id" integer PRIMARY KEY AUTOINCREMENT, "name" text NOT NULL, "role" text NOT NULL)',
    'CREATE TABLE "pages_novel" ("id" integer PRIMARY KEY AUTOINCREMENT, "title" text NOT NULL, "writer_id" integer NOT NULL)',
  ]) {
    await connections.get("default").execute(statement);
  }
  for (const name of ["Jane", "Mary", "Anne"]) {
    const writer = await Writer.objects.create({ name });
    await Novel.objects.create({ title: `${name}'s`, writer });
  }
});
afterAll(async () => {
  await tearDown();
  await rm(directory, { recursive: true });
});

async function rendered(text: string, context: object): Promise<{ html: string; queries: number }> {
  let queries = 0;
  const stop = onStatement(() => {
    queries++;
  });
  const html = await engine.renderText(text, context);
  stop();
  return { html, queries };
}

test("a query set is awaited once, and the unloaded relation of its rows in one query", async () => {
  const text =
    "{{ novels|length }}: {% for novel in novels %}{{ novel.writer.name }} {% endfor %}{% if novels %}{{ novels.0.title }}{% endif %}";
  expect(await rendered(text, { novels: Novel.objects.orderBy("id") })).toEqual({
    html: "3: Jane Mary Anne Jane&#x27;s",
    queries: 2,
  });
});

test("what a page does not use is not queried", async () => {
  expect(await rendered("{% if no %}{{ novels|length }}{% endif %}", { novels: Novel.objects.all() })).toEqual({
    html: "",
    queries: 0,
  });
});

test("a promise and a relation are values to filters and tags", async () => {
  const novel = await Novel.objects.get({ title: "Mary's" });
  const text =
    "{{ novel.writer.name|upper }} {% with name=novel.writer.name %}{{ name|length }}{% endwith %} {% firstof none novel.writer.name %}";
  expect((await rendered(text, { novel, none: null })).html).toBe("MARY 4 Mary");
});

test("a query set or a manager answers all, count, exists, first and last, without its rows where they are not there", async () => {
  const writer = await Writer.objects.get({ name: "Jane" });
  const text =
    "{{ writer.novels.count }} {{ writer.novels.all.count }} {{ writer.novels.exists }} {{ novels.first.title|safe }} {{ novels.last.pk }}";
  expect(await rendered(text, { writer, novels: Novel.objects.orderBy("id") })).toEqual({
    html: "1 1 true Jane's 3",
    queries: 5,
  });
  const loop =
    "{% with all=writer.novels.all %}{% for novel in all %}{{ novel.title|safe }}{% endfor %} {{ all|length }} {{ all.count }} {{ all.first.pk }}{% endwith %}";
  expect(await rendered(loop, { writer })).toEqual({ html: "Jane's 1 1 1", queries: 1 });
});

test("the text of a choice is there, what would delete is not", async () => {
  const writer = await Writer.objects.get({ name: "Jane" });
  expect((await rendered("{{ writer.getRoleDisplay }}[{{ writer.delete }}]", { writer })).html).toBe("Author[]");
  expect((await rendered("[{{ novels.delete }}{{ novels.update }}]", { novels: Novel.objects.all() })).html).toBe("[]");
  expect(await Novel.objects.count()).toBe(3);
});
