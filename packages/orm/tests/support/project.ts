import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apps, defineApp } from "@tsjango/kernel/apps";
import { configure, type Settings } from "@tsjango/kernel/conf";
import { describe } from "vitest";
import type { Backend, CompiledStatement } from "../../src/backends/base/backend.ts";
import { connections, openDatabase } from "../../src/connections.ts";
import { optionsOf } from "../../src/fields/prepared.ts";
import { ForeignKey } from "../../src/fields/relations.ts";
import { currentModels, modelStateOf } from "../../src/migrations/models-state.ts";
import { renderTable } from "../../src/migrations/render-table.ts";
import { schemaEditors } from "../../src/migrations/vendors.ts";
import type { Options } from "../../src/models/options.ts";
import { allModels, prepareModels } from "../../src/models/prepare.ts";
import type { DatabaseRouter } from "../../src/routers.ts";
import { onStatement } from "../../src/transaction.ts";
import * as shopModels from "./models.ts";
import { postgresUrl } from "./postgres-broker.ts";

/** A prepared project with empty tables on one database. */
export interface TestProject extends AsyncDisposable {
  readonly backend: Backend;
}

/** Databases beside the default one, with the same tables, and what chooses between them. */
export interface OtherDatabases {
  readonly others?: readonly string[];
  readonly databaseRouters?: readonly DatabaseRouter[];
}

/** Sets up the models of the tests, or others, in the app `shop`, on a database of their own. */
export async function openProject(
  vendor: Backend["vendor"],
  models: Readonly<Record<string, unknown>> = shopModels,
  { others = [], databaseRouters = [] }: OtherDatabases = {},
): Promise<TestProject> {
  const open = () => (vendor === "sqlite" ? sqliteFile() : freshPostgres());
  const database = await open();
  const besides = await Promise.all(others.map(async (alias) => [alias, await open()] as const));
  const shop = defineApp({ name: "shop", models: async () => models });
  const settings = {
    baseDir: tmpdir(),
    installedApps: [shop],
    databases: {
      default: { url: database.url },
      ...Object.fromEntries(besides.map(([alias, { url }]) => [alias, { url }])),
    },
    databaseRouters,
  };
  // What a test file before this one began may have opened its database again.
  await connections.closeAll();
  configure(settings as unknown as Settings);
  await apps.load([shop]);
  prepareModels(apps.all());
  const backend = connections.get();
  const tables = tablesInOrder();
  const state = tables.reduce((before, options) => before.with(modelStateOf(options)), currentModels(apps).state);
  for (const { label } of tables) {
    const table = renderTable(state, state.find(label)!, backend);
    for (const statement of schemaEditors[vendor].createTable(table)) {
      for (const alias of ["default", ...others]) await connections.get(alias).execute(statement);
    }
  }
  return {
    backend,
    async [Symbol.asyncDispose]() {
      await connections.closeAll();
      await Promise.all([database, ...besides.map(([, other]) => other)].map((each) => each.remove()));
    },
  };
}

function isConstrained(field: unknown): field is ForeignKey {
  return field instanceof ForeignKey && field.options["dbConstraint"] !== false;
}

/** The models with a table, those of links too, each after those it refers to. */
function tablesInOrder(): Options[] {
  const ordered = new Set<Options>();
  const visit = (options: Options): void => {
    const targets = options.fields.flatMap((field) => (isConstrained(field) ? [optionsOf(field.target)] : []));
    for (const target of targets) if (target !== options && !ordered.has(target)) visit(target);
    if (!options.proxy && options.managed) ordered.add(options);
  };
  for (const options of allModels()) visit(options);
  return [...ordered];
}

function sqliteFile() {
  const directory = mkdtempSync(join(tmpdir(), "tsjango-orm-"));
  return {
    url: `sqlite:${join(directory, "test.sqlite3")}`,
    remove: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function freshPostgres() {
  const server = await postgresUrl();
  const name = `tsjango_${randomBytes(6).toString("hex")}`;
  const admin = openDatabase("admin", { url: server, maxConnections: 1 });
  await admin.execute(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async remove() {
      await admin.execute(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.close();
    },
  };
}

let whyNoPostgres: string | undefined;
try {
  await postgresUrl();
} catch (error) {
  if (process.env["CI"] === "true") throw error;
  whyNoPostgres = (error as Error).message;
}

/** One body on both databases. Where PostgreSQL cannot start, its half is skipped with the reason in its name. */
export function describeDatabases(name: string, body: (vendor: Backend["vendor"]) => void): void {
  describe(`${name} (sqlite)`, () => body("sqlite"));
  const reason = whyNoPostgres === undefined ? "" : `: ${whyNoPostgres}`;
  describe.skipIf(whyNoPostgres !== undefined)(`${name} (postgres${reason})`, () => body("postgres"));
}

/** A body on PostgreSQL alone, for what SQLite has not. */
export function describePostgres(name: string, body: () => void): void {
  const reason = whyNoPostgres === undefined ? "" : ` (${whyNoPostgres})`;
  describe.skipIf(whyNoPostgres !== undefined)(`${name}${reason}`, body);
}

/** The statements that `run` sends, with placeholders written alike on both databases. */
export async function statements(run: () => PromiseLike<unknown>): Promise<string[]> {
  const seen: CompiledStatement[] = [];
  const stop = onStatement((statement) => seen.push(statement));
  try {
    await run();
  } finally {
    stop();
  }
  return seen.map(({ sql }) => sql.replaceAll(/\$\d+/g, "?"));
}
