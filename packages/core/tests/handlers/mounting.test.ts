import { type AsgiApplication, toFetch } from "@tsjango/core/asgi";
import { currentRequest, HttpResponse } from "@tsjango/core/http";
import { common } from "@tsjango/core/middleware";
import { getUrlResolver, include, path, reverseFor, reverseIn, type UrlList, urls } from "@tsjango/core/urls";
import { expect, test } from "vitest";
import { makeSite } from "../support/site.ts";

const own: (name: string) => string = (name) => (reverseFor<UrlList>(() => shop) as (name: string) => string)(name);
const shop = urls(
  path("", () => new HttpResponse(own("cart")), { name: "index" }),
  path("cart/", (request) => new HttpResponse(String(currentRequest() === request)), { name: "cart" }),
);
const urlpatterns = urls(
  path("eu/", include(shop, { namespace: "eu" })),
  path("us/", include(shop, { namespace: "us" })),
  path(
    "where/",
    (request) => new HttpResponse(`${request.path} ${request.pathInfo} ${reverseIn(getUrlResolver(), "eu:cart")}`),
  ),
);

test("reverseFor follows the namespace of the request", async () => {
  const fetch = toFetch((await makeSite(urlpatterns)).application);
  const text = async (url: string) => (await fetch(new Request(`http://localhost${url}`))).text();
  expect([await text("/eu/"), await text("/us/"), await text("/us/cart/")]).toEqual(["/eu/cart/", "/us/cart/", "true"]);
});

test("below a mount point, paths are resolved without it and reversed with it", async () => {
  const { application } = await makeSite(urlpatterns, { middleware: [common()] });
  const mounted: AsgiApplication = (scope, receive, send) =>
    application(scope.type === "http" ? { ...scope, rootPath: "/app" } : scope, receive, send);
  const fetch = toFetch(mounted);
  const get = (url: string) => fetch(new Request(`http://localhost${url}`));
  expect(await (await get("/app/where/")).text()).toBe("/app/where/ /where/ /app/eu/cart/");
  expect((await get("/apple/where/")).status).toBe(404);
  expect((await get("/app/where")).headers.get("location")).toBe("/app/where/");
});
