import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@tsjango/core/test";
import { redirectLogs } from "@tsjango/kernel/logging";
import { defineApp, tearDown } from "tsjango/apps";
import { getAsgiApplication } from "tsjango/asgi";
import { defineSettings } from "tsjango/conf";
import { connections, fields, Model, manager } from "tsjango/db";
import { Http404, HttpResponse } from "tsjango/http";
import { Paginator } from "tsjango/pagination";
import { getListOr404, getObjectOr404, redirect, resolveUrl } from "tsjango/shortcuts";
import { path, urls } from "tsjango/urls";
import {
  ArchiveIndexView,
  DateDetailView,
  DayArchiveView,
  DeleteView,
  DetailView,
  type ListData,
  ListView,
  MonthArchiveView,
  RedirectView,
  type TemplateResponseView,
  TemplateView,
  TodayArchiveView,
  WeekArchiveView,
  YearArchiveView,
} from "tsjango/views";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

class Author extends Model<Author>()({
  name: fields.char({ maxLength: 100 }),
}) {}

class Book extends Model<Book>()({
  title: fields.char({ maxLength: 100 }),
  slug: fields.slug({ unique: true }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
  published: fields.dateTime({ null: true }),
  bought: fields.date({ null: true }),
}) {
  static override objects = manager<Book>()({
    published() {
      return this.filter({ published__isnull: false });
    },
  });
  getAbsoluteUrl(): string {
    return `/books/${this.slug}/`;
  }
}

class BookList extends ListView<Book> {
  override model = Book;
  override paginateBy = 2;
  override getQueryset() {
    return Book.objects.published().selectRelated("author").orderBy("title");
  }
  override async getContextData(given: ListData<Book>) {
    return { ...(await super.getContextData(given)), shout: given.objectList[0]?.title.toUpperCase() };
  }
}
class BookDetail extends DetailView<Book, { slug: string }> {
  override model = Book;
}
class BookDelete extends DeleteView<Book, { pk: number }> {
  override model = Book;
  override successUrl = "/gone/<slug>/";
}

// biome-ignore lint/suspicious/noExplicitAny: TypeScript wants any[] of a mixin's constructor
function titled<B extends new (...args: any[]) => TemplateResponseView>(Base: B) {
  return class Titled extends Base {
    heading = "";
    override async getContextData(given?: object) {
      return { ...(await super.getContextData(given)), heading: this.heading };
    }
  };
}
class TitledList extends titled(ListView<Book>) {
  override model = Book;
  override heading = "All books";
  override templateName = "titled.html";
}

const dated = { model: Book, dateField: "published" } as const;
// Loaded when the models are, as a project's urls.ts is.
const urlconf = () =>
  urls(
    path("books/", BookList.asView(), { name: "books" }),
    path("all/", ListView.asView({ model: Book, ordering: "-title", templateName: "list.html" })),
    path("titled/", TitledList.asView()),
    path("none/", ListView.asView({ queryset: Book.objects.none(), allowEmpty: false, templateName: "list.html" })),
    path("array/", ListView.asView({ queryset: ["a", "b", "c"], paginateBy: 2, templateName: "list.html" })),
    path("books/<slug:slug>/", BookDetail.asView(), { name: "book" }),
    path("by-pk/<int:pk>/", DetailView.asView({ queryset: Book.objects.published(), templateName: "detail.html" })),
    path(
      "both/<int:pk>/<slug:slug>/",
      DetailView.asView({ model: Book, queryPkAndSlug: true, templateName: "detail.html" }),
    ),
    path("neither/", DetailView.asView({ model: Book })),
    path("delete/<int:pk>/", BookDelete.asView()),
    path("about/<slug:who>/", TemplateView.asView({ templateName: "about.html", extraContext: { year: 2026 } })),
    path("no-template/", TemplateView.asView()),
    path("old/<slug:slug>/", RedirectView.asView({ patternName: "book", queryString: true })),
    path("older/<slug:slug>/", RedirectView.asView({ url: "/books/<slug>/?a=1", permanent: true, queryString: true })),
    path("lost/", RedirectView.asView()),
    path("archive/", ArchiveIndexView.asView({ ...dated, templateName: "archive.html" })),
    path(
      "archive/<int:year>/",
      YearArchiveView.asView({ ...dated, makeObjectList: true, templateName: "archive.html" }),
    ),
    path("months/<int:year>/", YearArchiveView.asView({ ...dated, templateName: "archive.html" })),
    path("archive/<int:year>/<str:month>/", MonthArchiveView.asView({ ...dated, templateName: "archive.html" })),
    path(
      "week/<int:year>/<int:week>/",
      WeekArchiveView.asView({ ...dated, weekFormat: "%V", templateName: "archive.html" }),
    ),
    path(
      "archive/<int:year>/<str:month>/<int:day>/",
      DayArchiveView.asView({ ...dated, templateName: "archive.html" }),
    ),
    path(
      "future/<int:year>/<str:month>/<int:day>/",
      DayArchiveView.asView({ ...dated, allowFuture: true, allowEmpty: true, templateName: "archive.html" }),
    ),
    path("today/", TodayArchiveView.asView({ ...dated, allowEmpty: true, templateName: "archive.html" })),
    path(
      "bought/<int:year>/",
      YearArchiveView.asView({ model: Book, dateField: "bought", makeObjectList: true, templateName: "archive.html" }),
    ),
    path(
      "archive/<int:year>/<str:month>/<int:day>/<slug:slug>/",
      DateDetailView.asView({ ...dated, templateName: "detail.html" }),
    ),
    path(
      "shortcut/<slug:slug>/",
      async (_request, { slug }) => new HttpResponse((await getObjectOr404(Book, { slug })).title),
    ),
  );

const templates: Readonly<Record<string, string>> = {
  "list.html": "{% for b in objectList %}{{ b.title|default:b }} {% endfor %}{{ isPaginated }}",
  "titled.html": "{{ heading }}: {{ bookList|length }}",
  "detail.html": "{{ object.title }}",
  "about.html": "{{ who }} {{ year }} {{ view.templateName }}",
  "archive.html":
    "{{ year }}{{ month }}{{ week }}{{ day }}: {% for b in objectList %}{{ b.title }} {% endfor %}[{% for d in dateList %}{{ d }} {% endfor %}]" +
    " {{ previousYear }}{{ previousMonth }}{{ previousWeek }} {{ previousDay }} < > {{ nextYear }}{{ nextMonth }}{{ nextWeek }} {{ nextDay }}",
  "shop/book_list.html":
    "{{ shout }}: {% for b in bookList %}{{ b.title }} by {{ b.author.name }}, {% endfor %}{{ page.number }}/{{ page.numPages }}",
  "shop/book_detail.html": "{{ book.title }} = {{ object.title }}",
  "shop/book_confirm_delete.html": "Delete {{ book.title }}?",
};

let directory: string;
let client: Client;
const logged: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tsjango-views-"));
  for (const [name, text] of Object.entries(templates)) {
    await mkdir(join(directory, "templates", name, ".."), { recursive: true });
    await writeFile(join(directory, "templates", name), text);
  }
  const shop = defineApp({ name: "shop", path: directory, models: async () => ({ Author, Book }) });
  const settings = defineSettings({
    baseDir: directory,
    secretKey: "for tests",
    allowedHosts: ["localhost"],
    installedApps: [shop],
    rootUrlconf: async () => ({ urlpatterns: urlconf() }),
    databases: { default: { url: `sqlite:${join(directory, "db.sqlite3")}` } },
  });
  client = new Client(await getAsgiApplication(settings), { raiseRequestException: false });
  redirectLogs(({ message, error }) => logged.push(error === undefined ? message : `${message} ${String(error)}`));
  const backend = connections.get("default");
  for (const statement of [
    'CREATE TABLE "shop_author" ("id" integer PRIMARY KEY AUTOINCREMENT, "name" text NOT NULL)',
    'CREATE TABLE "shop_book" ("id" integer PRIMARY KEY AUTOINCREMENT, "title" text NOT NULL, "slug" text NOT NULL, ' +
      '"author_id" integer NOT NULL, "published" text, "bought" text)',
  ]) {
    await backend.execute(statement);
  }
  const jane = await Author.objects.create({ name: "Jane" });
  const rows: [string, string | null, string | null][] = [
    ["Emma", "1815-12-23T00:00:00Z", "2024-02-29"],
    ["Persuasion", "1817-12-20T10:00:00Z", "2024-12-31"],
    ["Northanger", "1817-12-20T23:59:59.999Z", null],
    ["Sanditon", null, null],
    ["Tomorrow", new Date(Date.now() + 90_000_000).toISOString(), "2999-01-01"],
  ];
  for (const [title, published, bought] of rows) {
    await Book.objects.create({
      title,
      slug: title.toLowerCase(),
      author: jane,
      published: published === null ? null : new Date(published),
      bought,
    });
  }
});
afterAll(async () => {
  await tearDown();
  await rm(directory, { recursive: true, force: true });
});

const get = async (url: string) => {
  const response = await client.get(url);
  return [response.status, response.text()] as const;
};

describe("ListView", () => {
  test("shows its rows page by page, in the model's template, relations loaded", async () => {
    expect(await get("/books/")).toEqual([200, "EMMA: Emma by Jane, Northanger by Jane, 1/2"]);
    expect(await get("/books/?page=2")).toEqual([200, "PERSUASION: Persuasion by Jane, Tomorrow by Jane, 2/2"]);
    expect((await get("/books/?page=last"))[1]).toContain("2/2");
    for (const page of ["3", "0", "x", "-1", "1.5"]) expect((await get(`/books/?page=${page}`))[0]).toBe(404);
  });
  test("takes mixins", async () => {
    expect(await get("/titled/")).toEqual([200, "All books: 5"]);
  });
  test("takes model, order, arrays and emptiness as options", async () => {
    expect((await get("/all/"))[1]).toBe("Tomorrow Sanditon Persuasion Northanger Emma false");
    expect((await get("/none/"))[0]).toBe(404);
    expect((await get("/array/?page=2"))[1]).toBe("c true");
  });
});

describe("DetailView", () => {
  test("finds by slug, by key, by both, in the rows it may", async () => {
    expect(await get("/books/emma/")).toEqual([200, "Emma = Emma"]);
    expect((await get("/books/nothing/"))[0]).toBe(404);
    expect(await get("/by-pk/1/")).toEqual([200, "Emma"]);
    expect((await get("/by-pk/4/"))[0]).toBe(404);
    expect((await get("/both/1/emma/"))[1]).toBe("Emma");
    expect((await get("/both/1/persuasion/"))[0]).toBe(404);
  });
  test("a URL without key or slug is a mistake that is named", async () => {
    expect((await get("/neither/"))[0]).toBe(500);
    expect(logged.at(-1)).toContain(
      'Generic detail view DetailView must be called with either an object pk or a slug in the URL: "<int:pk>/" or "<slug:slug>/".',
    );
  });
});

test("DeleteView asks, then deletes and goes on", async () => {
  const made = await Book.objects.create({ title: "Short", slug: "short", author: 1 });
  expect(await get(`/delete/${made.id}/`)).toEqual([200, "Delete Short?"]);
  expect(await Book.objects.filter({ slug: "short" }).count()).toBe(1);
  const response = await client.post(`/delete/${made.id}/`);
  expect([response.status, response.headers.get("location")]).toEqual([302, "/gone/short/"]);
  expect(await Book.objects.filter({ slug: "short" }).count()).toBe(0);
  expect((await client.post(`/delete/${made.id}/`)).status).toBe(404);
});

test("TemplateView and RedirectView", async () => {
  expect(await get("/about/jane/")).toEqual([200, "jane 2026 about.html"]);
  expect((await get("/no-template/"))[0]).toBe(500);
  expect(logged.at(-1)).toContain(
    "TemplateView needs a template: set its templateName, or override getTemplateNames().",
  );
  const to = async (url: string) => {
    const response = await client.get(url);
    return [response.status, response.headers.get("location")];
  };
  expect(await to("/old/emma/?x=1")).toEqual([302, "/books/emma/?x=1"]);
  expect(await to("/older/emma/?x=1")).toEqual([301, "/books/emma/?a=1&x=1"]);
  expect(await to("/lost/")).toEqual([410, null]);
  expect((await client.post("/old/emma/")).status).toBe(302);
});

describe("archives", () => {
  test("the index shows the latest first, and the years; the future is hidden", async () => {
    expect((await get("/archive/"))[1]).toBe(": Northanger Persuasion Emma [1817-01-01 1815-01-01 ]   < >  ");
  });
  test("a year, its months and its neighbours", async () => {
    expect((await get("/archive/1817/"))[1]).toBe("1817-01-01: Northanger Persuasion [1817-12-01 ] 1815-01-01  < >  ");
    expect((await get("/months/1815/"))[1]).toBe("1815-01-01: [1815-12-01 ]   < > 1817-01-01 ");
    expect((await get("/archive/1816/"))[0]).toBe(404);
    expect((await get("/months/1816/"))[0]).toBe(404);
  });
  test("a month by number or name, a week, a day", async () => {
    expect((await get("/archive/1817/12/"))[1]).toBe(
      "1817-12-01: Northanger Persuasion [1817-12-20 ] 1815-12-01  < >  ",
    );
    expect((await get("/archive/1817/dec/"))[1]).toContain("Persuasion");
    expect((await get("/week/1817/51/"))[1]).toBe("1817-12-15: Northanger Persuasion [] 1815-12-18  < >  ");
    expect((await get("/archive/1817/12/20/"))[1]).toBe(
      "1817-12-20: Northanger Persuasion [] 1815-12-01 1815-12-23 < >  ",
    );
    expect((await get("/archive/1817/12/21/"))[0]).toBe(404);
  });
  test.each(["1817/13/", "1817/0/", "1817/foo/", "1817/2/30/", "1817/12/0/", "0/", "99999/"])(
    "%s is no date",
    async (date) => {
      expect((await get(`/archive/${date}`))[0]).toBe(404);
    },
  );
  test("the future only where it is allowed, and empty days", async () => {
    const day = new Date(Date.now() + 90_000_000).toISOString().slice(0, 10).split("-").map(Number).join("/");
    expect((await get(`/archive/${day}/`))[0]).toBe(404);
    expect((await get(`/future/${day}/`))[1]).toContain("Tomorrow");
    expect(await get("/today/")).toEqual([200, expect.stringContaining(new Date().toISOString().slice(0, 10))]);
  });
  test("a field of dates without time", async () => {
    expect((await get("/bought/2024/"))[1]).toBe("2024-01-01: Persuasion Emma [2024-02-01 2024-12-01 ]   < >  ");
  });
  test("one object of a day", async () => {
    expect(await get("/archive/1817/12/20/persuasion/")).toEqual([200, "Persuasion"]);
    expect((await get("/archive/1817/12/21/persuasion/"))[0]).toBe(404);
  });
});

describe("shortcuts", () => {
  test("getObjectOr404 and getListOr404", async () => {
    expect((await getObjectOr404(Book, { slug: "emma" })).title).toBe("Emma");
    expect((await getObjectOr404(Book.objects.selectRelated("author"), { slug: "emma" })).author.name).toBe("Jane");
    await expect(getObjectOr404(Book, { slug: "x" })).rejects.toThrow(Http404);
    await expect(getObjectOr404(Book.objects.published(), { slug: "x" })).rejects.toThrow(
      "No Book matches the given query.",
    );
    await expect(getObjectOr404(Book, { author__name: "Jane" })).rejects.toThrow(Book.MultipleObjectsReturned);
    expect(await getListOr404(Book.objects.orderBy("title"), { title__lt: "P" })).toHaveLength(2);
    await expect(getListOr404(Book, { title: "x" })).rejects.toThrow("No Book matches the given query.");
    expect(await get("/shortcut/emma/")).toEqual([200, "Emma"]);
    expect((await get("/shortcut/x/"))[0]).toBe(404);
    const wrong = getObjectOr404 as unknown as (source: unknown, condition: object) => Promise<unknown>;
    await expect(wrong({}, {})).rejects.toThrow(
      "getObjectOr404 takes a model, a manager or a query set as its first argument; found {}",
    );
  });

  test("redirect and resolveUrl take addresses, objects and names", async () => {
    const book = await Book.objects.get({ slug: "emma" });
    expect(redirect(book).url).toBe("/books/emma/");
    expect(redirect("book", { params: { slug: "x" }, query: { a: 1 } }).url).toBe("/books/x/?a=1");
    const kept = redirect("books", { permanent: true, preserveRequest: true });
    expect([kept.url, kept.status]).toEqual(["/books/", 308]);
    for (const address of ["/x/", "./x", "../x", "https://example.com/", "x/y", "example.html", "?page=2"]) {
      expect(resolveUrl(address)).toBe(address);
    }
    expect(() => resolveUrl("bok")).toThrow('reverse("bok"): no URL pattern has this name. Did you mean "book"');
    expect(() => resolveUrl({} as { getAbsoluteUrl(): string })).toThrow("must have a method getAbsoluteUrl()");
  });

  test("a paginator of a query set asks twice: for the count and for the rows", async () => {
    const page = await new Paginator(Book.objects.selectRelated("author").orderBy("title"), 2).getPage("2");
    expect(page.objectList.map((book) => `${book.title} ${book.author.name}`)).toEqual([
      "Persuasion Jane",
      "Sanditon Jane",
    ]);
  });
});
