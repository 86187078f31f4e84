import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createTemplateEngine,
  filter,
  inclusionTag,
  library,
  loadLibraries,
  markSafe,
  simpleBlockTag,
  simpleTag,
  type TemplateEngineSettings,
  type TemplateLibrary,
} from "@tsjango/core/template";
import { makeRequest } from "@tsjango/core/test";
import { urls } from "@tsjango/core/urls";
import type { AppConfig } from "@tsjango/kernel/apps";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeSite } from "../support/site.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "tsjango-libraries-"));
});
afterAll(() => rm(root, { recursive: true }));

function engine(library?: TemplateLibrary, templates: TemplateEngineSettings["templates"] = {}, debug = false) {
  const libraries = library === undefined ? [] : [{ name: "extras", file: "blog/templatetags/extras.ts", library }];
  return createTemplateEngine(
    { debug, staticUrl: "/static/", baseDir: root, templates, installedApps: [] },
    { libraries },
  );
}

const extras = library({
  filters: {
    shout: (value: string) => `${value.toUpperCase()}!`,
    later: async (value: string) => `${value} later`,
    lowered: filter((value: unknown) => String(value).toLowerCase(), { isSafe: true }),
    marked: filter(function marked(value: unknown) {
      return this.autoescape ? "escaping" : `plain ${value}`;
    }),
  },
  tags: {
    greet: simpleTag(({ args: [name], named: { end = "." } }) => `Hello ${name}${end}`),
    slow: simpleTag(async ({ variable }) => `${await variable("x")} <b>`),
    safe_greet: simpleTag(() => markSafe("<i>hi</i>")),
    box: simpleBlockTag(({ content, args: [kind] }) => markSafe(`<div class="${kind}">${content}</div>`)),
    card: inclusionTag("card.html", ({ args: [title] }) => ({ title })),
  },
});
const strings = { "card.html": "[{{ title }}{{ outside }}]" };

describe("a library", () => {
  test.each([
    ['{{ "a"|shout }}', "A!"],
    ["{{ x|shout }}", "&lt;X&gt;!"],
    ["{{ x|later }}", "&lt;x&gt; later"],
    ["{{ x|lowered }}{{ s|lowered }}{{ s|shout }}", "&lt;x&gt;<i>&lt;I&gt;!"],
    ["{{ x|marked }}{% autoescape off %}{{ x|marked }}{% endautoescape %}", "escapingplain <x>"],
    ['{% greet x end="?" %}', "Hello &lt;x&gt;?"],
    ["{% greet x as hello %}[{{ hello }}]", "[Hello &lt;x&gt;.]"],
    ["{% slow %}", "&lt;x&gt; &lt;b&gt;"],
    ["{% safe_greet %}", "<i>hi</i>"],
    ['{% box "a" %}{{ x }}{% endbox %}', '<div class="a">&lt;x&gt;</div>'],
    ["{% card x %}", "[&lt;x&gt;]"],
    ["{% load extras %}{% load static extras %}{% load greet from extras %}{% greet 1 %}", "Hello 1."],
  ])("%s", async (text, html) => {
    expect(await engine(extras, { strings }).renderText(text, { x: "<x>", s: markSafe("<I>"), outside: 1 })).toBe(html);
  });

  test("that is not there is named, with those that are", async () => {
    await expect(engine(extras).renderText("{% load extra %}")).rejects.toThrow(
      'there is no template library "extra": there are static, extras.',
    );
  });

  test("cannot take a name that is taken", () => {
    expect(() => engine(library({ filters: { date: () => "" } }))).toThrow(
      'The template filter "date" of blog/templatetags/extras.ts is there already, by tsjango. Give it another name.',
    );
    expect(() => engine(library({ tags: { if: simpleTag(() => "") } }))).toThrow('The template tag "if"');
  });

  test("refuses what is no filter and no tag", () => {
    expect(() => library({ filters: { x: 1 as never } })).toThrow("The filter x is number 1.");
    expect(() => library({ tags: { x: (() => "") as never } })).toThrow(
      "Make it with simpleTag, simpleBlockTag or inclusionTag.",
    );
  });

  test("is found in an app's templatetags", async () => {
    const app = { path: join(root, "blog"), name: "blog" } as AppConfig;
    await mkdir(join(app.path, "templatetags"), { recursive: true });
    await writeFile(
      join(app.path, "templatetags/blog_extras.js"),
      "export default { filters: { twice: { apply: (value) => value + value, isSafe: false } }, tags: {} };",
    );
    await writeFile(join(app.path, "templatetags/_helpers.js"), "throw new Error('not a library');");
    const libraries = await loadLibraries([app]);
    expect(libraries.map(({ name }) => name)).toEqual(["blog_extras"]);
    const made = createTemplateEngine(
      { debug: false, staticUrl: "/static/", baseDir: root, templates: {}, installedApps: [app] },
      { libraries },
    );
    expect(await made.renderText("{% load blog_extras %}{{ x|twice }}", { x: "<" })).toBe("&lt;&lt;");
    await writeFile(join(app.path, "templatetags/wrong.js"), "export const library = {};");
    await expect(loadLibraries([app])).rejects.toThrow(
      'wrong.js must have "export default library({ filters, tags })"',
    );
  });
});

describe("what the setting brings", () => {
  test("strings are templates by name, also to extend and include", async () => {
    const templates = {
      strings: {
        "a.html": '{% extends "b.html" %}{% block x %}{% include "c.html" %}{% endblock %}',
        "b.html": "<{% block x %}{% endblock %}>",
        "c.html": "c",
      },
    };
    expect(await engine(undefined, templates).render("a.html")).toBe("<c>");
  });

  test("context processors are called for a request; the view's own wins", async () => {
    await makeSite(urls());
    const request = makeRequest("GET", "/?q=1");
    const templates = {
      contextProcessors: [
        async (of: typeof request) => ({ path: of.path, q: of.query.get("q"), a: "processor" }),
        () => ({ b: "second" }),
      ],
    };
    const made = engine(undefined, templates, true);
    const text = "{{ path }} {{ q }} {{ a }} {{ b }} {{ debug }}";
    expect(await made.renderText(text, { request, a: "view" })).toBe("/ 1 view second true");
    expect(await made.renderText(text, { a: "view" })).toBe("  view  ");
  });

  test("what a request brings gives way to the view's own of that name", async () => {
    const request = makeRequest("GET", "/");
    const text = "{{ debug }} {{ csrf_token }}";
    const own = { request, debug: "mine", csrf_token: "too" };
    expect(await engine(undefined, {}, true).renderText(text, own)).toBe("mine too");
    expect(await engine(undefined, {}, true).renderText("{{ debug }}", { request })).toBe("true");
  });
  test("another engine renders the names that it knows", async () => {
    const backend = {
      has: (name: string) => name.endsWith(".txt"),
      render: async (name: string, context: object) => `${name}: ${JSON.stringify(context)}`,
    };
    const made = engine(undefined, { strings: { "a.html": "ours" }, backends: [() => backend] });
    expect(await made.render("a.txt", { x: 1 })).toBe('a.txt: {"x":1}');
    expect(await made.render("a.html")).toBe("ours");
    expect(await made.select(["b.txt", "a.html"])).toBe("b.txt");
  });
});

describe("partials", () => {
  const strings = {
    "page.html":
      "{% partialdef row %}<{{ x }}>{% endpartialdef %}{% partialdef shown inline %}!{% endpartialdef %}a{% partial row %}{% partial row %}",
  };
  test("are written where they are named, and alone by page.html#name", async () => {
    const made = engine(undefined, { strings });
    expect(await made.render("page.html", { x: "&" })).toBe("!a<&amp;><&amp;>");
    expect(await made.render("page.html#row", { x: 1 })).toBe("<1>");
    await expect(made.render("page.html#rows")).rejects.toThrow("there is no {% partialdef rows %} in page.html");
    await expect(made.renderText("{% partialdef a %}{% endpartialdef %}{% partial b %}")).rejects.toThrow(
      "there is no {% partialdef b %} in this template; it defines a",
    );
  });
});

test.each([false, true])("a part counts among several names only where there is one (debug %s)", async (debug) => {
  const strings = { "page.html": "{% partialdef row %}r{% endpartialdef %}", "other.html": "o" };
  const made = engine(undefined, { strings }, debug);
  expect(await made.has("page.html#row")).toBe(true);
  expect(await made.has("page.html#rows")).toBe(false);
  expect(await made.has("none.html#row")).toBe(false);
  expect(await made.select(["none.html#row", "page.html#rows", "page.html#row", "other.html"])).toBe("page.html#row");
  expect(await made.select(["page.html#rows", "other.html"])).toBe("other.html");
});

describe("querystring", () => {
  test.each([
    ["{% querystring %}", "?a=1&amp;a=2&amp;b=x+y"],
    ["{% querystring a=9 %}", "?a=9&amp;b=x+y"],
    ["{% querystring a=None b=None %}", ""],
    ["{% querystring c=list %}", "?a=1&amp;a=2&amp;b=x+y&amp;c=7&amp;c=8"],
    ["{% querystring extra b='<' %}", "?k=v&amp;b=%3C"],
    ["{% querystring a=3 as q %}{{ q }}", "?a=3&amp;b=x+y"],
  ])("%s", async (text, html) => {
    await makeSite(urls());
    const request = makeRequest("GET", "/?a=1&a=2&b=x%20y");
    expect(await engine().renderText(text, { request, list: [7, 8], extra: { k: "v" } })).toBe(html);
  });
});

describe("what never ends", () => {
  test.each([
    ["includes", { "a.html": '{% include "b.html" %}', "b.html": '{% include "a.html" %}' }],
    ["includes with only", { "a.html": '{% include "b.html" only %}', "b.html": '{% include "a.html" only %}' }],
    ["a parent", { "a.html": '{% extends "b.html" %}', "b.html": '{% extends "a.html" %}' }],
    ["itself", { "a.html": '{% include "a.html" %}' }],
  ])("%s: one error that names them", async (_name, strings) => {
    await expect(
      engine(undefined, { strings: strings as unknown as Record<string, string> }).render("a.html"),
    ).rejects.toThrow(
      /^templates include or extend each other more than 100 deep: … .*a\.html.* \(in .*a\.html, line 1\)$/,
    );
  });
});

test("an error carries the lines around it", async () => {
  const strings = { "broken.html": "one\ntwo\n{% nosuch %}\nfour" };
  const error = await engine(undefined, { strings })
    .render("broken.html")
    .catch((one) => one);
  expect(error.message).toBe('there is no tag "nosuch" (in templates.strings/broken.html, line 3)');
  expect(error.frame).toMatchObject({ line: 3, lines: [{ number: 1, text: "one" }, {}, { text: "{% nosuch %}" }, {}] });
  expect(error.stack).toContain(">    3 | {% nosuch %}\n     4 | four");
  const near = await engine()
    .renderText("{{ x|uper }}")
    .catch((one) => one);
  expect(near.message).toBe('there is no filter "uper". Did you mean "upper"? (in a text, line 1)');
});
