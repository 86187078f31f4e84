import { randomBytes } from "node:crypto";
import { describe } from "vitest";
import { openDatabase } from "../../src/connections.ts";
import { POSTGRES_URL } from "../support/postgres.ts";
import { postgresUrl } from "../support/postgres-broker.ts";
import { sqliteDatabase, type TestDatabase } from "./databases.ts";

/** A database that the suite runs on. */
export interface TestedDatabase {
  readonly vendor: "sqlite" | "postgres";
  open(): Promise<TestDatabase>;
}

const server: { readonly url?: string; readonly missing?: string } = await serverOfThisRun();

async function serverOfThisRun() {
  try {
    return { url: process.env[POSTGRES_URL] ?? (await postgresUrl()) };
  } catch (error) {
    if (process.env["CI"] === "true") throw error;
    return { missing: (error as Error).message };
  }
}

/** One body on each database. Without a server, PostgreSQL's half is skipped with the reason in its name. */
export function describeDatabases(name: string, body: (database: TestedDatabase) => void): void {
  describe(`${name} on sqlite`, () => body({ vendor: "sqlite", open: async () => sqliteDatabase() }));
  const { url = "", missing } = server;
  describe.skipIf(missing !== undefined)(`${name} on postgres ${missing ?? ""}`.trim(), () =>
    body({ vendor: "postgres", open: () => postgresDatabase(url) }),
  );
}

/** A fresh database on the server. */
async function postgresDatabase(url: string): Promise<TestDatabase> {
  const name = `tsjango_migrations_${randomBytes(6).toString("hex")}`;
  const admin = openDatabase("admin", { url, maxConnections: 1 });
  await admin.execute(`CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  const backend = openDatabase("default", { url: own.href });
  return {
    url: own.href,
    backend,
    async [Symbol.asyncDispose]() {
      await backend.close();
      await admin.execute(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.close();
    },
  };
}
