import { randomBytes } from "node:crypto";
import { openDatabase } from "../../src/connections.ts";
import { sqliteDatabase, type TestDatabase } from "./databases.ts";

const server = process.env["TSJANGO_TEST_POSTGRES_URL"];

/** The databases that the suite runs on. */
export const databases: { vendor: string; open: () => Promise<TestDatabase> }[] = [
  { vendor: "sqlite", open: async () => sqliteDatabase() },
  ...(server ? [{ vendor: "postgres", open: () => postgresDatabase(server) }] : []),
];

/** A fresh database on the server. */
async function postgresDatabase(url: string): Promise<TestDatabase> {
  const name = `tsjango_migrations_${randomBytes(6).toString("hex")}`;
  const admin = openDatabase("admin", { url });
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
