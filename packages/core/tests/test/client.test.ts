import { HttpResponse, HttpResponseRedirect, JsonResponse } from "@tsjango/core/http";
import { csrf, getCsrfToken } from "@tsjango/core/middleware";
import { Client, makeRequest } from "@tsjango/core/test";
import { path, urls } from "@tsjango/core/urls";
import { beforeAll, expect, test } from "vitest";
import { makeSite } from "../support/site.ts";

const urlpatterns = urls(
  path("echo/", async (request) => {
    const query = request.query.toObject();
    return new JsonResponse({ method: request.method, query, body: await request.text(), type: request.contentType });
  }),
  path(
    "bytes/",
    async (request) =>
      new HttpResponse(await request.body(), { headers: { "x-type": request.headers.get("content-type") ?? "" } }),
  ),
  path("login/", () => new HttpResponseRedirect("/who/").setCookie("user", "jane doe")),
  path("again/", () => new HttpResponseRedirect("/echo/", { preserveRequest: true })),
  path("loop/", () => new HttpResponseRedirect("/loop/")),
  path("logout/", () => new HttpResponse().deleteCookie("user")),
  path("who/", (request) => new HttpResponse(request.cookies.get("user") ?? "nobody")),
  path("crash/", () => {
    throw new TypeError("broken view");
  }),
);
let client: Client;

beforeAll(async () => {
  const { application } = await makeSite(urlpatterns);
  client = new Client(application);
});

test("methods, query, JSON and forms arrive", async () => {
  expect((await client.get("/echo/?a=1", { query: { b: [2, 3] } })).json()).toMatchObject({
    method: "GET",
    query: { a: "1", b: ["2", "3"] },
  });
  expect((await client.post("/echo/", { json: { a: 1 } })).json()).toMatchObject({
    type: "application/json",
    body: '{"a":1}',
  });
  expect((await client.put("/echo/", { form: { a: "x y", b: [1, 2] } })).json()).toMatchObject({
    body: "a=x+y&b=1&b=2",
  });
  expect((await client.patch("/echo/", { body: "raw", headers: { "content-type": "text/x" } })).json()).toMatchObject({
    body: "raw",
    type: "text/x",
  });
  expect((await client.delete("/echo/")).json()).toMatchObject({ method: "DELETE" });
  expect((await client.head("/echo/")).text()).toBe("");
  expect((await client.options("/echo/")).ok).toBe(true);
});

test("a form with a file arrives as multipart, byte for byte", async () => {
  const cover = new File([new Uint8Array([0, 255, 13, 10])], "cover.bin", { type: "image/x" });
  const data = new FormData();
  data.append("a", "é");
  for (const form of [{ a: ["é"], cover }, data]) {
    const response = await client.post("/bytes/", { form });
    const sent = await new Response(response.content as Uint8Array<ArrayBuffer>, {
      headers: { "content-type": response.headers.get("x-type") ?? "" },
    }).formData();
    expect(sent.get("a")).toBe("é");
    const file = sent.get("cover");
    if (form === data) expect(file).toBeNull();
    else {
      expect([(file as File).name, (file as File).type]).toEqual(["cover.bin", "image/x"]);
      expect([...new Uint8Array(await (file as File).arrayBuffer())]).toEqual([0, 255, 13, 10]);
    }
  }
});

test("cookies are kept and redirects followed on request", async () => {
  const own = client;
  expect((await own.get("/login/")).status).toBe(302);
  const followed = await own.get("/login/", { follow: true });
  expect([followed.text(), followed.redirects]).toEqual(["jane doe", [{ url: "http://localhost/who/", status: 302 }]]);
  await own.get("/logout/");
  expect((await own.get("/who/")).text()).toBe("nobody");
  expect((await own.post("/again/", { json: 1, follow: true })).json()).toMatchObject({ method: "POST", body: "1" });
  await expect(own.get("/loop/", { follow: true })).rejects.toThrow("redirected more than 20 times");
});

test("what a view throws is rethrown, unless the client is told not to", async () => {
  await expect(client.get("/crash/")).rejects.toThrow(new TypeError("broken view"));
  const { application } = await makeSite(urlpatterns);
  const quiet = new Client({ load: () => application }, { raiseRequestException: false });
  expect((await quiet.get("/crash/")).status).toBe(500);
  expect((await quiet.get("/nowhere/")).status).toBe(404);
});

test("a made request can be handed to a view", async () => {
  const request = makeRequest("post", "/a%20b/?q=1", { body: '{"a":1}', headers: { "X-A": "1" } });
  expect([
    request.method,
    request.path,
    request.query.get("q"),
    request.headers.get("x-a"),
    await request.json(),
  ]).toEqual(["POST", "/a b/", "1", "1", { a: 1 }]);
  expect([request.url.href, request.fullPath]).toEqual(["http://localhost/a%20b/?q=1", "/a%20b/?q=1"]);
});

test("a made request has what the client's have: query, cookies, JSON, forms, files", async () => {
  const form = makeRequest("POST", "/?a=1", { query: { b: [2, 3] }, cookies: { user: "jane" }, form: { c: "x y" } });
  expect([form.query.toObject(), form.cookies.get("user"), form.contentType, await form.text()]).toEqual([
    { a: "1", b: ["2", "3"] },
    "jane",
    "application/x-www-form-urlencoded",
    "c=x+y",
  ]);
  const json = makeRequest("POST", "/", {
    json: { a: 1 },
    secure: true,
    headers: { "Content-Type": "application/x+json" },
  });
  expect(json.contentType).toBe("application/x+json");
  expect([makeRequest("POST", "/", { json: 1 }).contentType, await json.json(), json.url.protocol]).toEqual([
    "application/json",
    { a: 1 },
    "https:",
  ]);
  const files = makeRequest("POST", "/", { form: { cover: new File(["bytes"], "cover.txt") } });
  const sent = await new Response((await files.body()) as Uint8Array<ArrayBuffer>, {
    headers: { "content-type": files.headers.get("content-type") ?? "" },
  }).formData();
  expect(await (sent.get("cover") as File).text()).toBe("bytes");
});

test("forms need no CSRF token, unless the client is to be asked for it", async () => {
  const { application } = await makeSite(
    urls(path("form/", (request) => new HttpResponse(request.method === "GET" ? getCsrfToken(request) : "saved"))),
    { middleware: [csrf()] },
  );
  expect((await new Client(application).post("/form/", { form: { a: 1 } })).text()).toBe("saved");
  const browser = new Client(application, { enforceCsrf: true });
  expect((await browser.post("/form/", { form: { a: 1 } })).status).toBe(403);
  const token = (await browser.get("/form/")).text();
  expect((await browser.post("/form/", { form: { csrfmiddlewaretoken: token } })).text()).toBe("saved");
  expect((await browser.put("/form/", { json: 1, headers: { "x-csrftoken": token } })).text()).toBe("saved");
  expect((await browser.put("/form/", { json: 1 })).status).toBe(403);
});
