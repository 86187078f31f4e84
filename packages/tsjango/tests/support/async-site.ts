import { AsyncLocalStorage } from "node:async_hooks";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { defineApp } from "tsjango/apps";
import { getAsgiApplication } from "tsjango/asgi";
import { currentContext } from "tsjango/async";
import { defineSettings } from "tsjango/conf";
import { atomic, connections, fields, Model, setRollback } from "tsjango/db";
import { currentRequest, HttpResponse, JsonResponse } from "tsjango/http";
import { requestId } from "tsjango/middleware";
import { path, urls } from "tsjango/urls";
import { compute, computeInWorker } from "./heavy.ts";

export class Author extends Model<Author>()({ name: fields.char({ maxLength: 100 }) }) {}
export class Book extends Model<Book>()({
  title: fields.char({ maxLength: 100 }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
}) {}

/** What a project would have for the user who is logged in. */
const user = new AsyncLocalStorage<string>();

/** What a view sees of its surroundings, with others' turns in between. */
async function surroundings(name: string): Promise<string> {
  const seen = new Set<string>();
  for (let look = 0; look < 3; look++) {
    seen.add([user.getStore(), currentRequest()?.path, currentContext()?.requestId].join(" "));
    await turn();
  }
  await Author.objects.create({ name });
  await turn();
  const rows = await Author.objects.filter({ name__startswith: "visitor" });
  seen.add([user.getStore(), currentRequest()?.path, currentContext()?.requestId].join(" "));
  // One row: others' transactions are not seen, and are rolled back.
  return [...seen, ...rows.map((row) => row.name)].join("|");
}

const urlpatterns = urls(
  path("visit/<int:n>/", async (request, { n }) => {
    const name = `visitor ${n}`;
    const text = await user.run(request.header("x-user") ?? "", () =>
      atomic(async () => {
        setRollback(true);
        return surroundings(name);
      }),
    );
    return new HttpResponse(text);
  }),
  path("quick/", () => new HttpResponse("quick")),
  path("heavy/<int:ms>/", async (_request, { ms }) => new JsonResponse({ rounds: await computeInWorker(ms) })),
  path("blocking/<int:ms>/", (_request, { ms }) => new JsonResponse({ rounds: compute(ms) }), { name: "blocking" }),
);

/** A site with a database in `directory`, two authors and their books in it. */
export async function asyncSite(directory: string, { debug = false, size = 2 } = {}) {
  mkdirSync(join(directory, "templates"), { recursive: true });
  writeFileSync(join(directory, "templates/list.html"), "{% for book in books %}{{ book.title }} {% endfor %}");
  writeFileSync(join(directory, "templates/print.html"), "\n{{ pair }}");
  const settings = defineSettings({
    baseDir: directory,
    secretKey: "for tests",
    debug,
    allowedHosts: ["localhost", "127.0.0.1"],
    installedApps: [defineApp({ name: "shop", path: directory, models: async () => ({ Author, Book }) })],
    middleware: [requestId({ trustIncoming: true })],
    rootUrlconf: async () => ({ urlpatterns }),
    // Thousands wait for their turn to write.
    databases: { default: { url: `sqlite:${join(directory, "db.sqlite3")}`, options: { poolTimeout: 300_000 } } },
    workerThreads: { size },
  });
  const application = await getAsgiApplication(settings);
  const backend = connections.get("default");
  for (const columns of [
    'author" ("name" text NOT NULL',
    'book" ("title" text NOT NULL, "author_id" integer NOT NULL',
  ]) {
    await backend.execute(`CREATE TABLE "shop_${columns}, "id" integer PRIMARY KEY AUTOINCREMENT)`);
  }
  for (const name of ["Jane", "Emily"]) {
    await Book.objects.create({ title: `${name}'s`, author: await Author.objects.create({ name }) });
  }
  return application;
}

/** Asks for `count` visits at once; gives those that saw something of another one. */
export async function bleeding(
  get: (
    path: string,
    headers: Record<string, string>,
  ) => Promise<{ readonly text: string; readonly id: string | null }>,
  count: number,
): Promise<string[]> {
  const visits = Array.from({ length: count }, async (_, n) => {
    const id = `id-${n}`;
    const answer = await get(`/visit/${n}/`, { "x-user": `user-${n}`, "x-request-id": id });
    const right = answer.text === `user-${n} /visit/${n}/ ${id}|visitor ${n}` && answer.id === id;
    return right ? [] : [`${n}: ${answer.id} ${answer.text}`];
  });
  return (await Promise.all(visits)).flat();
}
