import { configure, type Settings } from "@tsjango/kernel/conf";
import { afterEach, beforeEach, expect, test } from "vitest";
import { databaseOptionsSchema } from "../src/backends/base/options.ts";
import { openDatabase } from "../src/connections.ts";
import { connections, fields, Model, manager } from "../src/index.ts";

beforeEach(() => {
  const databases = {
    default: { url: "sqlite::memory:" },
    other: { url: "mysql://root:pw@host/db" },
    file: { url: "sqlite:data/db.sqlite3" },
    server: { url: "postgres://me:secret@127.0.0.1:1/db" },
  };
  configure({ baseDir: "/srv/site", installedApps: [], databases } as unknown as Settings);
});
afterEach(() => connections.closeAll());

test("a database is the same until it is closed, and opens again", async () => {
  const first = connections.get();
  await first.execute("create table t (x)");
  expect(connections.get()).toBe(first);
  await connections.closeAll();
  await expect(connections.get().execute("select * from t")).rejects.toThrow("Have all migrations been applied?");
});

test("paths start at baseDir, and passwords are never shown", () => {
  expect(connections.get("file").displayName).toBe("sqlite:/srv/site/data/db.sqlite3");
  expect(connections.get("server").displayName).toBe("postgres://127.0.0.1:1/db");
});

test("unknown aliases and schemes say what to write", () => {
  expect(() => connections.get("defalt")).toThrow(
    'settings.databases has no "defalt". Did you mean "default"? Choices: default, ',
  );
  expect(() => connections.get("other")).toThrow(
    'settings.databases.other: "mysql:" is not known in its URL. Write "sqlite:db.sqlite3"',
  );
});

test("options of the wrong kind of database, and those that do not exist, are refused by name", () => {
  const open = (url: string, options: object) => openDatabase("shop", { url, options });
  expect(() => open("postgres://me@127.0.0.1:1/db", { pragmas: {} })).toThrow(
    'settings.databases.shop.options: PostgreSQL has no option "pragmas". It takes minConnections, poolTimeout,',
  );
  expect(() => open("sqlite::memory:", { timeuot: 1 })).toThrow('no option "timeuot". Did you mean "timeout"?');
  expect(databaseOptionsSchema.safeParse({ pragmas: { "synchronous; drop": "off" } }).success).toBe(false);
  expect(databaseOptionsSchema.safeParse({ pragmas: { synchronous: "full; drop table t" } }).success).toBe(false);
  expect(databaseOptionsSchema.safeParse({ parameters: { search_path: "shop, public" }, poolTimeout: 0 }).success).toBe(
    true,
  );
});

test("a server that is not there is named, without its password", async () => {
  const failed = connections.get("server").execute("select 1");
  await expect(failed).rejects.toThrow("Cannot connect to postgres://127.0.0.1:1/db: connect ECONNREFUSED");
  await expect(failed).rejects.toThrow("Is the server running, and is settings.databases.server.url right?");
  await expect(failed).rejects.not.toThrow("secret");
});

test.each(["p@ss", "p/ss", "p?ss", "12/ss"])("no part of the password %s is shown", (password) => {
  const { displayName } = openDatabase("default", { url: `postgres://me:${password}@127.0.0.1:1/db` });
  expect(displayName).toBe("postgres://127.0.0.1:1/db");
});

test("another URL can stand in for a database while tests run", async () => {
  const real = connections.get();
  await connections.override("default", "sqlite:/tmp/never-opened.sqlite3");
  expect(connections.get().displayName).toBe("sqlite:/tmp/never-opened.sqlite3");
  await connections.override("default", undefined);
  expect(connections.get().displayName).toBe(real.displayName);
});

test("a model in no installed app says where to put it", () => {
  class Lost extends Model<Lost>()({ name: fields.char() }) {}
  class Found extends Model<Found>()({ name: fields.char() }) {
    static override objects = manager<Found>()({});
  }
  expect(() => Lost.objects.all()).toThrow(
    "The model Lost belongs to no installed app. Export it from the module that its app's app.ts names",
  );
  expect(() => new Lost({ name: "x" })).toThrow("have that app in installedApps of settings.ts");
  expect(() => Found.objects.all()).toThrow("This manager's model belongs to no installed app.");
});
