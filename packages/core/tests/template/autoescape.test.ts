import { createTemplateEngine, filter, library, markSafe } from "@tsjango/core/template";
import fc from "fast-check";
import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";
import { expect, test } from "vitest";

type Node = DefaultTreeAdapterTypes.ChildNode;

const hostile = fc.oneof(
  fc.constantFrom(
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' x='",
    "</title><svg/onload=alert(1)>",
    "<!--",
    "-->",
    "]]><b>",
    "&lt;script&gt;",
    "&#60;b&#62;",
    "javascript:alert(1)",
    "http://x.com/?<b>",
    'www.x.com/"onclick=alert(1)//',
    "a@b.co'><b>",
    "</p><p><b",
    "<b",
    "\u0000<b>",
    "<\u2028b>",
  ),
  fc.string({ unit: fc.constantFrom(..."<>&\"'/=;:.@ab \n-!#x"), maxLength: 30 }),
);

/** Filters of texts, in any order. */
const FILTERS = [
  "addslashes",
  "capfirst",
  "center:20",
  'cut:"x"',
  'cut:";"',
  'cut:"&"',
  'default:"none"',
  'default_if_none:"-"',
  "escape",
  "first",
  "force_escape",
  "iriencode",
  "last",
  "ljust:9",
  "lower",
  "make_list",
  "phone2numeric",
  "rjust:9",
  'slice:"1:"',
  'slice:"::-1"',
  "slugify",
  'stringformat:"s"',
  "title",
  "truncatechars:7",
  "truncatewords:2",
  "upper",
  "urlencode",
  "wordwrap:4",
  "add:v",
  "escapeseq",
  'yesno:"a,b"',
  "filesizeformat",
  "pluralize",
  "random",
] as const;
/** Filters that write or read HTML: what comes behind them would work on tags, as the page asks. */
const LAST = [
  "lower",
  "linebreaks",
  "linebreaksbr",
  "linenumbers",
  "unordered_list",
  "urlize",
  "urlizetrunc:5",
  "join:v",
  "pprint",
  "truncatechars_html:7",
  "truncatewords_html:2",
  "striptags",
] as const;

const expression = fc
  .tuple(
    fc.constantFrom("v", "w", "xs", "xs.0", "o.k", "p", "n"),
    fc.array(fc.constantFrom(...FILTERS), { maxLength: 3 }),
    fc.constantFrom(...LAST),
  )
  .map(([name, filters, last]) => [name, ...filters, last].join("|"));

const { template } = fc.letrec<{ template: string; piece: string }>((tie) => ({
  template: fc.array(tie("piece"), { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join("")),
  piece: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    expression.map((text) => `{{ ${text} }}`),
    expression.map((text) => `<i title="{{ ${text}|force_escape }}">x</i>`),
    fc.constantFrom("v", "w", "p").map((name) => `<i title="{{ ${name} }}">{{ ${name} }}</i>`),
    fc.constantFrom("v", "w").map((name) => `{% firstof nothing ${name} %}{% cycle ${name} w %}`),
    tie("template").map((inner) => `{% if v %}${inner}{% else %}-{% endif %}`),
    tie("template").map((inner) => `{% for x in xs %}{{ x }}${inner}{% endfor %}`),
    tie("template").map((inner) => `{% with v=w %}${inner}{% endwith %}`),
    tie("template").map((inner) => `{% filter lower %}${inner}{% endfilter %}`),
    tie("template").map((inner) => `{% autoescape on %}${inner}{% endautoescape %}`),
    tie("template").map((inner) => `{% spaceless %}${inner}{% endspaceless %}`),
    fc.constantFrom('{% include "part.html" with v=w %}', "{{ v|json_script }}", "{{ o|json_script:w }}"),
    fc.constant("{% regroup os by k as gs %}{% for g in gs %}{{ g.grouper }}{% endfor %}"),
  ),
}));

const TAGS = new Set(["i", "p", "br", "li", "ul", "a", "script", "em"]);
const ATTRIBUTES = new Set(["title", "href", "rel", "type", "id"]);

/** What of a page no template wrote: a tag, an attribute, an address that runs a script. */
function intruders(html: string): string[] {
  const found: string[] = [];
  const visit = (node: Node) => {
    if (node.nodeName === "#comment" || node.nodeName === "#documentType") found.push(node.nodeName);
    if ("tagName" in node) {
      if (!TAGS.has(node.tagName)) found.push(node.tagName);
      for (const { name, value } of node.attrs) {
        if (!ATTRIBUTES.has(name)) found.push(`${node.tagName}[${name}]`);
        if (name === "href" && !/^(?:https?:|mailto:)/i.test(value)) found.push(value);
      }
      if (node.tagName === "script" && node.attrs.find(({ name }) => name === "type")?.value !== "application/json")
        found.push("script");
    }
    if ("childNodes" in node) for (const child of node.childNodes) visit(child);
  };
  for (const node of parseFragment(html).childNodes) visit(node);
  return found;
}

function engineWith(filters: Parameters<typeof library>[0]["filters"] = {}) {
  return createTemplateEngine(
    {
      debug: false,
      staticUrl: "/static/",
      baseDir: import.meta.dirname,
      templates: { strings: { "part.html": '<i title="{{ v }}">{{ v }}</i>' } },
      installedApps: [],
    },
    { libraries: [{ name: "planted", file: "planted.ts", library: library({ filters }) }] },
  );
}

/** @param late Whether each value has to be waited for. */
async function holds(
  engine: ReturnType<typeof engineWith>,
  [text, v, w, late]: readonly [text: string, v: string, w: string, late: boolean],
): Promise<boolean> {
  const values = { v, w, n: 3, xs: [v, w], o: { k: v }, os: [{ k: v }, { k: w }] };
  const given = Object.entries(values).map(([name, value]) => [name, late ? Promise.resolve(value) : value]);
  const html = await engine.renderText(text, { ...Object.fromEntries(given), p: Promise.resolve(w) });
  const bad = intruders(html);
  if (bad.length > 0) throw new Error(`${bad.join(", ")} in ${html}`);
  return true;
}

/** `AUTOESCAPE_RUNS=10000` looks further. */
const RUNS = Number(process.env.AUTOESCAPE_RUNS ?? 300);

test("no value becomes markup, whatever the template does with it", { timeout: RUNS * 100 }, async () => {
  const engine = engineWith();
  await fc.assert(
    fc.asyncProperty(template, hostile, hostile, fc.boolean(), (...drawn) => holds(engine, drawn)),
    { numRuns: RUNS, seed: 20261121 },
  );
});

test.each([
  ["a filter that trusts its value", "planted", filter((value) => markSafe(String(value)))],
  [
    "a filter that undoes escaping and says it is safe",
    "escape|planted",
    filter((value) => String(value).replaceAll("&lt;", "<").replaceAll("&quot;", '"'), { isSafe: true }),
  ],
])("the property catches %s", { timeout: 30_000 }, async (_name, filters, planted) => {
  const engine = engineWith({ planted });
  const property = fc.asyncProperty(template, hostile, hostile, fc.boolean(), (text, ...drawn) =>
    holds(engine, [text.replace(/\{\{ (\w[\w.]*)[^}]*/g, `{{ $1|${filters} `), ...drawn]),
  );
  const { failed } = await fc.check(property, { numRuns: 200, seed: 1, endOnFailure: true });
  expect(failed).toBe(true);
});
