import { createTemplateEngine } from "@tsjango/core/template";
import { afterEach, expect, test, vi } from "vitest";

const engine = createTemplateEngine({
  debug: true,
  staticUrl: "/static/",
  baseDir: import.meta.dirname,
  templates: {},
  installedApps: [],
});
const render = (text: string, context: object = {}) => engine.renderText(text, context);

afterEach(() => {
  vi.useRealTimers();
});

test("now gives the time by a format, or as a variable", async () => {
  vi.useFakeTimers({ now: new Date("2026-11-21T19:05:00Z"), toFake: ["Date"] });
  expect(await render('{% now "jS F Y H:i" %} {% now "SHORT_DATE_FORMAT" as d %}[{{ d }}]')).toBe(
    "21st November 2026 19:05 [11/21/2026]",
  );
  expect(await render("{{ past|timesince }} {{ past|timeuntil }}", { past: new Date("2026-11-20T18:00:00Z") })).toBe(
    "1\u00a0day, 1\u00a0hour 0\u00a0minutes",
  );
});

test("static gives addresses below the setting", async () => {
  expect(await render('{% static "a b.css" %} {% get_static_prefix %} {% static "x" as s %}{{ s }}')).toBe(
    "/static/a%20b.css /static/ /static/x",
  );
});

test("random gives one of a list", async () => {
  const given = new Set<string>();
  for (let turn = 0; turn < 50; turn++) given.add(await render("{{ xs|random }}", { xs: ["a", "b"] }));
  expect([...given].sort()).toEqual(["a", "b"]);
});

test("pprint shows a value as the terminal does, escaped", async () => {
  expect(await render("{{ x|pprint }}", { x: { a: "<" } })).toBe("{ a: &#x27;&lt;&#x27; }");
});

test("debug shows the variables, escaped", async () => {
  expect(await render("{% debug %}", { x: "<b>" })).toContain("x: &#x27;&lt;b&gt;&#x27;");
});

test("lorem: words, paragraphs, and never endless", async () => {
  expect((await render("{% lorem 40 w random %}")).split(" ")).toHaveLength(40);
  expect((await render("{% lorem 3 p %}")).match(/<p>/g)).toHaveLength(3);
  expect((await render("{% lorem 99999999 w %}")).split(" ")).toHaveLength(10_000);
});

test.each([
  ["linear in a megabyte of <", "{{ x|striptags|length }}", "<".repeat(1_000_000)],
  ["of broken tags", "{{ x|truncatewords_html:5|length }}", "<a ".repeat(300_000)],
  ["of entities", "{{ x|truncatechars_html:5|length }}", "&x".repeat(300_000)],
  ["of brackets to link", "{{ x|urlize|length }}", `http://${"(".repeat(300_000)}`],
  ["of dots to link", "{{ x|urlize|length }}", "a.".repeat(300_000)],
  ["of semicolons to link", "{{ x|urlize|length }}", `a.${"&lt;".repeat(200_000)}`],
  ["of words to wrap", "{{ x|wordwrap:3|length }}", "ab ".repeat(200_000)],
  ["of digits to format", '{{ x|floatformat:"2g"|length }}', "1".repeat(100_000)],
  ["of an exponent", "{{ x|floatformat:2|length }}", "1e999999999"],
])("filters stay fast: %s", async (_name, text, x) => {
  const start = performance.now();
  await render(text, { x });
  expect(performance.now() - start).toBeLessThan(3000);
});
