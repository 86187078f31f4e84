import type { HttpRequest } from "@tsjango/core/http";
import { HttpResponse } from "@tsjango/core/http";
import { include, path, type RoutesOf, rePath, reverse, reverseFor, urls } from "@tsjango/core/urls";
import { View } from "@tsjango/core/views";

// A view that calls reverse does not make its own URL's type circular.
function article(_request: HttpRequest, { year, slug }: { year: number; slug: string }) {
  return new HttpResponse(`${reverse("index")}${year.toFixed()}${slug.toUpperCase()}`);
}
class BookView extends View<{ id: number }> {
  get(_request: HttpRequest, { id }: { id: number }) {
    return new HttpResponse(id.toFixed());
  }
}
const blog = urls(
  path("<int:year>/<slug:slug>/", article, { name: "article" }),
  path("inline/<uuid:id>/", (_request, { id }) => new HttpResponse(id.toUpperCase())),
);
export const urlpatterns = urls(
  path("", () => new HttpResponse(), { name: "index" }),
  path("books/<int:id>/", BookView.asView(), { name: "book" }),
  path("blog/", include(blog, { namespace: "blog" })),
  path("t/<slug:tenant>/", include(urls(path("<n>/", () => new HttpResponse(), { name: "deep" })))),
);

// The door of the framework passes this interface on: `export *` lets an augmentation of either reach it.
declare module "@tsjango/core/urls" {
  interface Register {
    urlconf: typeof urlpatterns;
  }
}

reverse("index") satisfies string;
reverse("index", {}, { query: { q: 1 } });
reverse("book", { id: 1 });
reverse("blog:article", { year: 1, slug: "s" });
reverse("deep", { tenant: "t", n: "1" });
// @ts-expect-error no such name
reverse("blog:artcle", { year: 1, slug: "s" });
// @ts-expect-error the parameters are missing
reverse("blog:article");
// @ts-expect-error year is a number
reverse("blog:article", { year: "1", slug: "s" });
// @ts-expect-error the prefix's parameter is missing
reverse("deep", { n: "1" });
// @ts-expect-error one parameter too many
reverse("book", { id: 1, extra: 2 });

const own = reverseFor(() => blog);
own("article", { year: 1, slug: "s" });
// @ts-expect-error its own names have no namespace
own("blog:article", { year: 1, slug: "s" });

// @ts-expect-error the view takes a number, the route gives a string
path("x/<slug:year>/<slug:slug>/", article);
// @ts-expect-error the route has no slug
path("x/<int:year>/", article);
// @ts-expect-error there is no converter "itn"
path("x/<itn:n>/", () => new HttpResponse());
// @ts-expect-error a "<" without ">"
path("x/<int:n/", () => new HttpResponse());
// @ts-expect-error the class view takes id, the route gives pk
path("x/<int:pk>/", BookView.asView());
// @ts-expect-error no such property
BookView.asView({ nothing: 1 });

// Parameters that the pattern adds are checked, too.
path("x/<int:id>/", BookView.asView(), { name: "x", extra: {} });
path("y/", BookView.asView(), { extra: { id: 1 } });
path("y/", (_request, { id }) => new HttpResponse(id.toFixed()), { extra: { id: 1 } });
// @ts-expect-error the view takes a number
path("y/", BookView.asView(), { extra: { id: "1" } });

// Regular expressions: named groups are parameters, of a RegExp they are not known.
rePath("^(?<year>[0-9]{4})/(?<slug>[a-z]+)/$", (_request, { year, slug }) => new HttpResponse(year + slug));
rePath("^a/(?:page-(?<page>\\d+)/)?$", (_request, { page }) => new HttpResponse(page ?? "1"));
rePath("^(?<=x)(?<!y)(?<n>\\d)$", (_request, { n }) => new HttpResponse(n));
rePath(/^(?<year>\d+)$/, (_request: HttpRequest, { year }: { year: string }) => new HttpResponse(year));
// @ts-expect-error groups are strings
rePath("^(?<year>[0-9]{4})/$", (_request: HttpRequest, { year }: { year: number }) => new HttpResponse(year.toFixed()));
// @ts-expect-error the group may take no part
rePath("^(?<page>\\d+)?$", (_request: HttpRequest, { page }: { page: string }) => new HttpResponse(page));
const regular = urls(
  rePath("^(?<year>[0-9]{4})/$", () => new HttpResponse(), { name: "year" }),
  rePath("^(?:p(?<page>\\d+))?$", () => new HttpResponse(), { name: "page" }),
);
const mounted = urls(
  path("a/<slug:tenant>/", include(regular, { namespace: "a", appName: "app" })),
  path("b/", include(regular, { appName: "app" })),
);
type Names = RoutesOf<typeof mounted>;
({ tenant: "t", year: "2026" }) satisfies Names["a:year"];
({}) satisfies Names["app:page"] | { tenant: string };
// @ts-expect-error the tenant is missing
({ year: "2026" }) satisfies Names["a:year"];

// A route that is only known at run time is taken, with parameters of any kind.
declare const someRoute: string;
path(someRoute, () => new HttpResponse());

// More patterns than the compiler's recursion limit do no harm.
type Many = RoutesOf<readonly [...Repeat<120>, (typeof urlpatterns)[0]]>;
type Repeat<N extends number, L extends unknown[] = []> = L["length"] extends N
  ? L
  : Repeat<N, [...L, (typeof blog)[0]]>;
({ year: 1, slug: "" }) satisfies Many["article"];
