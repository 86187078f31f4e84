import { type HttpRequest, HttpResponse } from "@tsjango/core/http";
import { Client } from "@tsjango/core/test";
import { path, urls } from "@tsjango/core/urls";
import { View } from "@tsjango/core/views";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { expect, test } from "vitest";
import { makeSite } from "../support/site.ts";

class Greeting extends View<{ name: string }> {
  static override readonly httpMethodNames = ["get", "post", "options"];
  word = "Hello";
  prepared = "";
  override setup(request: HttpRequest, params: { name: string }): void {
    super.setup(request, params);
    this.prepared = params.name.toUpperCase();
  }
  get() {
    return new HttpResponse(`${this.word} ${this.prepared}`);
  }
  async post() {
    return new HttpResponse(`${this.request.method} ${this.params.name}`, { status: 201 });
  }
  put() {
    return new HttpResponse("never: it is not in httpMethodNames");
  }
}
class Strict extends Greeting {
  override httpMethodNotAllowed(request: HttpRequest) {
    return new HttpResponse(`no ${request.method}`, { status: 405 });
  }
}

async function client() {
  const site = await makeSite(
    urls(path("<slug:name>/", Greeting.asView({ word: "Hi" })), path("strict/<slug:name>/", Strict.asView())),
  );
  return { client: new Client(site.application), logged: site.logged };
}

test("each request has an instance of its own, set up before the method runs", async () => {
  const { client: browser } = await client();
  const [a, b] = await Promise.all([browser.get("/jane/"), browser.get("/ann/")]);
  expect([a.text(), b.text()]).toEqual(["Hi JANE", "Hi ANN"]);
  const posted = await browser.post("/jane/");
  expect([posted.status, posted.text()]).toEqual([201, "POST jane"]);
});

test("methods that are not named are answered with 405, OPTIONS with those that are, HEAD through get", async () => {
  const { client: browser, logged } = await client();
  const put = await browser.put("/jane/");
  expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, POST, OPTIONS"]);
  expect(logged[0]).toBe("Method Not Allowed (PUT): /jane/");
  expect((await browser.options("/jane/")).headers.get("allow")).toBe("GET, POST, OPTIONS");
  expect((await browser.head("/jane/")).status).toBe(405);
  expect((await browser.put("/strict/jane/")).text()).toBe("no PUT");
});

test.each([
  [{ wrod: "x" }, 'Greeting.asView({ wrod: … }): Greeting has no property "wrod". Did you mean "word"?'],
  [
    { get: () => undefined },
    'Greeting.asView({ get: … }): "get" is the name of a method. Define it in the class instead.',
  ],
  [{ request: 1 }, 'Greeting has no property "request"'],
])("asView refuses %j", (initial, message) => {
  expect(() => Greeting.asView(initial as object)).toThrow(ImproperlyConfigured);
  expect(() => Greeting.asView(initial as object)).toThrow(message);
});
