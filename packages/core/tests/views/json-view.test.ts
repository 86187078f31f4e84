import { toFetch } from "@tsjango/core/asgi";
import { HttpResponse } from "@tsjango/core/http";
import { path, urls } from "@tsjango/core/urls";
import { jsonView } from "@tsjango/core/views";
import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { makeSite } from "../support/site.ts";

const Book = z.object({ title: z.string().min(1), pages: z.int().positive() });

const createBook = jsonView(
  { body: Book, query: z.object({ notify: z.stringbool().default(false) }), status: 201 },
  async function createBook({ body, query }) {
    return { id: 1, title: body.title.toUpperCase(), notify: query.notify };
  },
);
const page = jsonView(
  { params: z.object({ id: z.coerce.number().max(99) }), query: z.object({ page: z.coerce.number().default(1) }) },
  ({ params, query }) => [params.id, query.page],
);
const narrow = jsonView({ result: z.object({ name: z.string() }) }, () => ({ name: "Jane", password: "secret" }));
const wrong = jsonView({ result: z.object({ name: z.string() }) }, function forgets(): { name: string } {
  return JSON.parse("{}");
});

const urlpatterns = urls(
  path("books/", createBook),
  path("page/<int:id>/", page),
  path("narrow/", narrow),
  path("wrong/", wrong),
  path(
    "own/<slug:slug>/",
    jsonView({}, ({ params, request }) => new HttpResponse(request.method + JSON.stringify(params))),
  ),
  path(
    "none/",
    jsonView({ methods: ["DELETE"] }, () => undefined),
  ),
);

async function site() {
  const { application, logged } = await makeSite(urlpatterns);
  const fetch = toFetch(application);
  const send = async (method: string, url: string, body?: unknown) => {
    const init =
      body === undefined
        ? { method }
        : { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const response = await fetch(new Request(`http://localhost/${url}`, init));
    const text = await response.text();
    return [response.status, text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text] as const;
  };
  return { send, logged };
}

test("body and query come checked and typed, and the answer is JSON", async () => {
  const { send } = await site();
  expect(await send("POST", "books/?notify=yes", { title: "Emma", pages: 3 })).toEqual([
    201,
    { id: 1, title: "EMMA", notify: true },
  ]);
  expectTypeOf<NonNullable<typeof createBook.json>>().toEqualTypeOf<{
    readonly body: { title: string; pages: number };
    readonly query: { notify: boolean };
    readonly result: { id: number; title: string; notify: boolean };
  }>();
});

test("all that does not fit is told at once, by field", async () => {
  const { send } = await site();
  expect(await send("POST", "books/?notify=perhaps", { title: "", pages: "x" })).toEqual([
    400,
    {
      errors: {
        title: [expect.stringContaining("Too small")],
        pages: [expect.stringContaining("expected")],
        "query.notify": [expect.any(String)],
      },
    },
  ]);
  expect(await send("GET", "page/100/?page=x")).toEqual([
    400,
    { errors: { "path.id": [expect.any(String)], "query.page": [expect.any(String)] } },
  ]);
  expect((await send("POST", "books/", undefined))[0]).toBe(400);
});

test("parameters are those of the URL, or what their schema makes of them", async () => {
  const { send } = await site();
  expect(await send("GET", "page/7/?page=2")).toEqual([200, [7, 2]]);
  expect(await send("GET", "own/a-b/")).toEqual([200, 'GET{"slug":"a-b"}']);
});

test("methods follow from the body, unless they are named", async () => {
  const { send } = await site();
  expect((await send("GET", "books/"))[0]).toBe(405);
  expect(await send("DELETE", "none/")).toEqual([204, ""]);
  expect((await send("GET", "none/"))[0]).toBe(405);
});

test("a result schema leaves out what it does not name, and what does not fit is the server's error", async () => {
  const { send, logged } = await site();
  expect(await send("GET", "narrow/")).toEqual([200, { name: "Jane" }]);
  expect((await send("GET", "wrong/"))[0]).toBe(500);
  expect(logged[0]).toContain("The JSON view forgets returned what its result schema refuses: name: ");
});
