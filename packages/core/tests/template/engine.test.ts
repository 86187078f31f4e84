import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  createTemplateEngine,
  markSafe,
  TemplateDoesNotExist,
  TemplateError,
  templateMethod,
} from "@tsjango/core/template";
import { path, setUrlResolver, UrlResolver, urls } from "@tsjango/core/urls";
import { redirectLogs } from "@tsjango/kernel/logging";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

let root: string;
const files: Readonly<Record<string, string>> = {
  "base.html":
    '<title>{% block title %}Site{% endblock %}</title>{% include "nav.html" %}<main>{% block main %}{% endblock %}</main>',
  "nav.html": '<a href="{% url "index" %}">home</a>',
  "page.html":
    '{% extends "base.html" %}\n{% block title %}Page – {{ block.super }}{% endblock %}\n{% block main %}{{ text }}{% endblock %}',
  "broken.html": "one\ntwo {{ x | nosuchfilter }}\n",
  "asks.html": 'one\n{% include "missing.html" %}',
};

function engine(debug = true) {
  return createTemplateEngine({
    debug,
    staticUrl: "/static/",
    baseDir: root,
    templates: { dirs: ["templates"] },
    installedApps: [],
  });
}

function render(text: string, context?: object): Promise<string> {
  return engine().renderText(text, context);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "tsjango-templates-"));
  for (const [name, text] of Object.entries(files)) {
    const file = join(root, "templates", name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const view = () => undefined;
  setUrlResolver(
    new UrlResolver(urls(path("", view, { name: "index" }), path("<int:year>/<str:slug>/", view, { name: "article" }))),
  );
});

afterAll(() => rm(root, { recursive: true, force: true }));

describe("escaping", () => {
  test("everything a variable holds is escaped", async () => {
    const hostile = `<script>alert("x")</script>&'`;
    expect(await render("{{ x }}", { x: hostile })).toBe(
      "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#x27;",
    );
  });
  test.each([
    "upper",
    "lower",
    "title",
    "capfirst",
    "linebreaks",
    "linebreaksbr",
    "truncatewords: 9",
    "truncatechars: 90",
    'default: "x"',
    "escape",
    "force_escape",
    'cut: "q"',
    "first",
    "last",
  ])("a hostile text comes out of %s without a tag", async (filter) => {
    const html = await render(`{{ x | ${filter} }}`, { x: "<img src=x onerror=alert(1)>" });
    expect(html.replace(/<\/?p>|<br>/g, "")).not.toMatch(/</);
  });
  test("join escapes its items and its separator, also those of a list", async () => {
    expect(await render("{{ xs | join: sep }}", { xs: ["<a>", markSafe("<b>")], sep: "<i>" })).toBe(
      "&lt;a&gt;&lt;i&gt;<b>",
    );
    expect(await render("{{ xs }}", { xs: ["<a>", "&"] })).toBe("&lt;a&gt;, &amp;");
  });
  test("safe and markSafe are written as they are; a filter after them escapes again", async () => {
    expect(await render("{{ x | safe }}{{ y }}", { x: "<b>", y: markSafe("<i>") })).toBe("<b><i>");
    expect(await render("{{ x | safe | upper }}", { x: "<b>" })).toBe("&lt;B&gt;");
  });
  test("escape is not applied twice", async () => {
    expect(await render("{{ x | escape }}", { x: "&" })).toBe("&amp;");
  });
});

describe("values", () => {
  test("promises, query sets and async iterables are awaited, wherever they stand", async () => {
    class Rows {
      // biome-ignore lint/suspicious/noThenProperty: a query set is a thenable
      then(resolve: (rows: string[]) => void): void {
        resolve(["a", "b"]);
      }
    }
    async function* stream() {
      yield 1;
      yield 2;
    }
    const context = {
      rows: new Rows(),
      one: Promise.resolve("p"),
      stream: stream(),
      nested: { list: [Promise.resolve("n")] },
    };
    expect(
      await render(
        "{% for r in rows %}{{ r }}{% endfor %} {{ rows | length }} {{ one }} {% for n in stream %}{{ n }}{% endfor %} {{ nested.list[0] }}{% for n in nested.list %}{{ n }}{% endfor %}",
        context,
      ),
    ).toBe("ab 2 p 12 nn");
  });
  test("an iterator is drained once and may be used twice", async () => {
    function* numbers() {
      yield 1;
      yield 2;
    }
    const context = {
      xs: numbers(),
      inner: { xs: numbers() },
      bare: { next: () => ({ done: true }), throw() {}, return() {} },
    };
    expect(
      await render("{{ xs | length }}{% for x in xs %}{{ x }}{% endfor %} {{ inner.xs }} {{ bare | length }}", context),
    ).toBe("212 1, 2 0");
  });
  test("methods are never called, getters are read", async () => {
    let deleted = false;
    class Book {
      title = "Emma";
      get initials() {
        return "E";
      }
      delete() {
        deleted = true;
        return "deleted";
      }
    }
    const text =
      "[{{ book.title }}][{{ book.initials }}][{{ book.delete }}][{{ remove }}][{% if book.delete %}x{% endif %}]";
    expect(await render(text, { book: new Book(), remove: () => "called" })).toBe("[Emma][E][][][]");
    expect(deleted).toBe(false);
  });
  test("a method that was not called is told of, once", async () => {
    const messages: string[] = [];
    onTestFinished(redirectLogs(({ message }) => messages.push(message)));
    const book = new (class Told {
      publish() {}
    })();
    expect(await render("[{{ book.publish }}][{{ book.publish }}]", { book })).toBe("[][]");
    expect(messages).toEqual([
      "A template reads Told.publish, which is a method: it is not called, and gives nothing. Write a getter, or mark a method that changes nothing with templateMethod().",
    ]);
  });
  test("methods that say that they change nothing are called, and getAbsoluteUrl", async () => {
    class Cart {
      #sum = 3;
      total() {
        return this.#sum;
      }
      async later() {
        return { sum: this.#sum };
      }
      getAbsoluteUrl() {
        return "/cart/";
      }
      static {
        templateMethod(Cart.prototype.total);
        templateMethod(Cart.prototype.later);
      }
    }
    const text = "{{ cart.total }} {{ cart.later.sum }} {{ cart.getAbsoluteUrl }} {{ cart.total | add: 2 }}";
    expect(await render(text, { cart: new Cart() })).toBe("3 3 /cart/ 5");
  });
  test("nothing leads out of the data", async () => {
    const text =
      "[{{ x.constructor }}][{{ x.__proto__ }}][{{ x._secret }}][{{ x.constructor.name }}][{{ s.constructor }}]";
    expect(await render(text, { x: { _secret: 1 }, s: "text" })).toBe("[][][][][]");
  });
  test("maps are read by key, arrays by index, missing names are empty", async () => {
    const context = { m: new Map([["k", "v"]]), xs: [1, 2, 3] };
    expect(await render("{{ m.k }}{{ xs.0 }}{{ xs[1] }}{{ xs.last }}{{ no.such.thing }}", context)).toBe("v123");
  });
  test("dates are written in Django's way", async () => {
    const when = new Date("2026-11-21T19:05:00Z");
    expect(
      await render('{{ d }}|{{ d | date: "Y-m-d H:i" }}|{{ s | date: "D j M" }}', {
        d: when,
        s: "2026-11-21",
      }),
    ).toBe("Nov. 21, 2026, 7:05 p.m.|2026-11-21 19:05|Sat 21 Nov");
  });
});

describe("waiting", () => {
  const soon = <T>(value: T) => new Promise<T>((resolve) => setTimeout(resolve, 1, value));

  test("what needs not wait is rendered at once", async () => {
    const read: string[] = [];
    const o = {
      get a() {
        read.push("a");
        return [1, 2];
      },
      get b() {
        read.push("b");
        return true;
      },
    };
    const rendering = engine(false).renderText(
      '{% if o.b %}{% for x in o.a %}{{ x|add:1 }} {% endfor %}{% url "index" %}{% endif %}',
      { o },
    );
    expect(read).toEqual(["b", "a"]);
    expect(await rendering).toBe("2 3 /");
  });
  test("what comes later stays in its place", async () => {
    const text =
      "{% for x in xs %}{{ forloop.counter }}{% for y in x.ys %}{{ y }}{% if y == two %}{% break %}{% endif %}{% endfor %}" +
      "{% if not x.no and x.yes or no %}+{% elif yes %}-{% endif %}{% if forloop.last %}.{% endif %}{% endfor %}{{ xs|length }}";
    const item = () => ({ ys: soon([soon(1), 2, soon(3)]), no: soon(false), yes: soon(true) });
    const context = { xs: soon([item(), item()]), two: soon(2), no: soon(0), yes: soon(1) };
    expect(await render(text, context)).toBe("112+212+.2");
  });
  test("in conditions, arguments and filters", async () => {
    const context = {
      a: soon(3),
      b: soon(4),
      list: soon(["x", "y"]),
      sep: soon("<"),
      year: soon(2026),
      slug: soon("s"),
    };
    expect(
      await render(
        '{% if a < b and b > a %}<{% endif %}{{ list|join:sep }}{% with c=a d=b %}{{ c }}{{ d }}{% endwith %}{% url "article" year=year slug=slug %}{{ a|add:b }}',
        context,
      ),
    ).toBe("<x&lt;y34/2026/s/7");
  });
  test("an error behind what was waited for names its line; one that was waited for, too", async () => {
    const late = () => soon("late");
    await expect(
      render("{{ x }}\n{{ y }}\n{% for a in xs %}\n{{ a|nope }}{% endfor %}", { x: late() }),
    ).rejects.toThrow("(in a text, line 4)");
    const o = {
      get promise() {
        return Promise.reject(new Error("odd"));
      },
      get thrown() {
        throw new Error("odd");
      },
    };
    await expect(
      render("{{ x }}\n{% for a in xs %}\n{{ o.promise }}{% endfor %}", { x: late(), xs: soon([1]), o }),
    ).rejects.toThrow("odd (in a text, line 3)");
    await expect(render("{{ x }}\n{% if x %}\n\n{{ o.thrown.z }}{% endif %}", { x: late(), o })).rejects.toThrow(
      "odd (in a text, line 4)",
    );
  });
  test("what fails before the template gets to it is the template's error, and no one else's", async () => {
    const failed = Promise.reject(new Error("odd"));
    await expect(render("{{ x }}\n{{ failed }}", { x: soon(1), failed })).rejects.toThrow("odd (in a text, line 2)");
  });
});

describe("tags", () => {
  test("extends, block, block.super and include", async () => {
    expect(await engine().render("page.html", { text: "<hi>" })).toBe(
      '<title>Page – Site</title><a href="/">home</a><main>&lt;hi&gt;</main>',
    );
  });
  test("block.super does not escape the parent's HTML again", async () => {
    await writeFile(join(root, "templates", "parent.html"), "{% block b %}<b>{{ x }}</b>{% endblock %}");
    await writeFile(
      join(root, "templates", "child.html"),
      '{% extends "parent.html" %}{% block b %}[{{ block.super }}]{% endblock %}',
    );
    expect(await engine().render("child.html", { x: "<" })).toBe("[<b>&lt;</b>]");
  });
  test("for gives the loop's state, reversed, several names, and empty", async () => {
    const text =
      "{% for x in xs %}{{ forloop.counter }}/{{ forloop.length }}{{ x }}{% if not forloop.last %},{% endif %}{% endfor %}" +
      "|{% for x in xs reversed %}{{ x }}{{ forloop.revcounter0 }}{% endfor %}" +
      "|{% for k, v in o %}{{ k }}={{ v }}{% endfor %}" +
      "|{% for x in none %}{% empty %}nothing{% endfor %}" +
      "|{% for x in xs %}{% for y in xs %}{{ forloop.parentloop.counter }}{% endfor %}{% endfor %}";
    expect(await render(text, { xs: ["a", "b"], o: { k: 1 }, none: [] })).toBe("1/2a,2/2b|b1a0|k=1|nothing|1122");
  });
  test.each([
    ["[]", [], "no"],
    ["a full list", [1], "yes"],
    ["{}", {}, "no"],
    ["zero", 0, "no"],
    ["an empty text", "", "no"],
    ["an empty map", new Map(), "no"],
    ["a query set without rows", Promise.resolve([]), "no"],
  ])("if takes %s as Django does", async (_name, x, expected) => {
    expect(await render("{% if x %}yes{% else %}no{% endif %}", { x })).toBe(expected);
  });
  test.each([
    ["a or b and c", "yes"],
    ["not a and c", "no"],
    ["n == 3", "yes"],
    ["n|length == 0 or n>=3", "yes"],
    ['"x" in xs', "yes"],
    ['"q" not in xs', "yes"],
    ["missing is None", "yes"],
    ['name == "a or b"', "yes"],
    ["n > 3", "no"],
    ["xs contains 'x'", "yes"],
  ])("if %s is %s", async (condition, expected) => {
    const context = { a: true, b: false, c: false, n: 3, xs: ["x"], name: "a or b" };
    expect(await render(`{% if ${condition} %}yes{% elif b %}b{% else %}no{% endif %}`, context)).toBe(expected);
  });
  test("url reverses names, static gives addresses, with names values", async () => {
    const text =
      '{% url "article" year=2026 slug=post.slug %} {% url "nope" as u %}[{{ u }}] {% static "a b.css" %} ' +
      '{% with n=xs|length t="a b" %}{{ n }}{{ t }}{% endwith %}{{ n }}';
    expect(await render(text, { post: { slug: "<x>" }, xs: [1, 2] })).toBe("/2026/%3Cx%3E/ [] /static/a%20b.css 2a b");
  });
  test("comments disappear, verbatim text stays", async () => {
    expect(await render("a{# {{ x }} #}b{% verbatim %}{{ x }}{# no #}{% endverbatim %}", { x: 1 })).toBe(
      "ab{{ x }}{# no #}",
    );
  });
  test("include takes values of its own, and only them if told so", async () => {
    await writeFile(join(root, "templates", "part.html"), "[{{ a }}{{ b }}]");
    expect(await render('{% include "part.html" with a=1 %}{% include "part.html" with a=1 only %}', { b: 2 })).toBe(
      "[12][1]",
    );
  });
});

describe("errors", () => {
  test("name the template's file and line", async () => {
    const file = join(root, "templates", "broken.html");
    await expect(engine().render("broken.html")).rejects.toThrow(
      `there is no filter "nosuchfilter" (in ${file}, line 2)`,
    );
    await expect(engine().render("broken.html")).rejects.toBeInstanceOf(TemplateError);
  });
  test("a name without match names the line too", async () => {
    await expect(render('\n{% url "indx" %}')).rejects.toThrow(
      'reverse("indx"): no URL pattern has this name. Did you mean "index"? (in a text, line 2)',
    );
  });
  test("a missing template says where it was looked for, and who asked", async () => {
    const failure = engine().render("nope.html");
    await expect(failure).rejects.toThrow(`There is no template "nope.html". Looked in: ${join(root, "templates")}.`);
    await expect(failure).rejects.toBeInstanceOf(TemplateDoesNotExist);
    await expect(engine().render("asks.html")).rejects.toThrow(
      `There is no template "missing.html" (asked for by ${join(root, "templates", "asks.html")}, line 2).`,
    );
  });
  test.each([
    ["{% if x %}", "{% if x %} is not closed by {% endif %}"],
    ["{% for x of xs %}{% endfor %}", "write {% for x in xs %}; found {% for x of xs %}"],
    ["{% if a b %}{% endif %}", 'cannot read the condition "a b"'],
    ["{% if x %}{% elsif y %}{% endif %}", 'write "elif" instead of "elsif"'],
    ["{% nosuch %}", 'there is no tag "nosuch"'],
    ['{% url "index %}', "a quote is not closed"],
  ])("%s is refused", async (text, message) => {
    await expect(render(text)).rejects.toThrow(message);
  });
  test("no name leads out of the template directories", async () => {
    await writeFile(join(root, "secret.html"), "secret");
    for (const name of ["../secret.html", "a/../../secret.html", join(root, "secret.html")]) {
      await expect(engine().render(name)).rejects.toBeInstanceOf(TemplateDoesNotExist);
    }
  });
  test("without debug a parsed template is kept; with debug an edit shows", async () => {
    const file = join(root, "templates", "edit.html");
    const [kept, fresh] = [engine(false), engine(true)];
    await writeFile(file, "one");
    expect([await kept.render("edit.html"), await fresh.render("edit.html")]).toEqual(["one", "one"]);
    await writeFile(file, "two");
    expect([await kept.render("edit.html"), await fresh.render("edit.html")]).toEqual(["one", "two"]);
  });
});
