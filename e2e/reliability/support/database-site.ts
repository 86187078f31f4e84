import { tmpdir } from "node:os";
import core from "@tsjango/core/app";
import { getAsgiApplication } from "@tsjango/core/application";
import { HttpResponse, JsonResponse } from "@tsjango/core/http";
import { Client } from "@tsjango/core/test";
import { path, urls } from "@tsjango/core/urls";
import { defineApp } from "@tsjango/kernel/apps";
import { settingsDefiner } from "@tsjango/kernel/conf";
import { redirectLogs } from "@tsjango/kernel/logging";
import { atomic, connections, type DatabaseOptions, F, fields, Model, type PostgresOptions } from "@tsjango/orm";
import orm from "@tsjango/orm/app";
import { runStatement } from "../../../packages/orm/src/transaction.ts";

/** What was acknowledged to somebody. */
export class Entry extends Model<Entry>()({ key: fields.char({ maxLength: 80, unique: true }) }) {}

/** Money that only moves. */
export class Account extends Model<Account>()({ cents: fields.integer() }) {}

export class Job extends Model<Job>()({
  runs: fields.integer({ default: 0 }),
  done: fields.boolean({ default: false }),
}) {}

const ledger = defineApp({ name: "ledger", models: async () => ({ Entry, Account, Job }) });
export const ACCOUNTS = 10;
export const CENTS = 1000;

/** One statement of SQL on the site's database. */
export async function sql(text: string, ...parameters: unknown[]): Promise<readonly (readonly unknown[])[]> {
  return (await runStatement("default", { sql: text, parameters })).rows;
}

/** Moves some money between two accounts, with a nested block and a pause in the middle. */
export async function transfer(from: number, to: number): Promise<void> {
  await atomic(
    async () => {
      await Account.objects.filter({ id: from }).update({ cents: F("cents").minus(1) });
      await atomic(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        await Account.objects.filter({ id: to }).update({ cents: F("cents").plus(1) });
      });
    },
    { retries: 20 },
  );
}

const urlpatterns = urls(
  path("entries/", async (request) => {
    if (request.method === "GET") return new JsonResponse({ entries: await Entry.objects.count() });
    const key = (await request.text()).trim();
    await atomic(() => Entry.objects.create({ key }));
    return new HttpResponse("", { status: 201 });
  }),
  path("sleep/<int:milliseconds>/", async (_request, { milliseconds }) => {
    await sql("select pg_sleep($1)", milliseconds / 1000);
    return new HttpResponse("slept");
  }),
  path("broken/", async () => {
    await atomic(async () => {
      await Entry.objects.create({ key: crypto.randomUUID() });
      throw new Error("a view broke between begin and commit");
    });
    return new HttpResponse("");
  }),
);

/** A site on a database, in this process. */
export class DatabaseSite implements AsyncDisposable {
  readonly client: Client;
  private constructor(client: Client) {
    this.client = client;
  }

  static async open(url: string, database: Partial<DatabaseOptions> = {}): Promise<DatabaseSite> {
    redirectLogs(() => undefined);
    const settings = settingsDefiner([core, orm])({
      baseDir: tmpdir(),
      secretKey: "for scenarios",
      allowedHosts: ["localhost"],
      installedApps: [ledger],
      databases: { default: { url, ...database } },
      rootUrlconf: async () => ({ urlpatterns }),
    });
    return new DatabaseSite(new Client(await getAsgiApplication(settings), { raiseRequestException: false }));
  }

  /** Makes the tables, with all accounts. */
  static async make(
    url: string,
    options: PostgresOptions & { readonly maxConnections?: number } = {},
  ): Promise<DatabaseSite> {
    const { maxConnections, ...rest } = options;
    const site = await DatabaseSite.open(url, { maxConnections, options: rest });
    const id = url.startsWith("sqlite") ? "integer primary key autoincrement" : "bigserial primary key";
    await sql(`create table ledger_entry (id ${id}, key varchar(80) not null unique)`);
    await sql(`create table ledger_account (id ${id}, cents integer not null)`);
    await sql(`create table ledger_job (id ${id}, runs integer not null, done boolean not null)`);
    await Account.objects.bulkCreate(Array.from({ length: ACCOUNTS }, () => ({ cents: CENTS })));
    return site;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await connections.closeAll();
  }
}
