import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connections, openDatabase } from "../connections.ts";

/** Makes an empty database like the one of this alias, for one worker; gives its URL and what removes it. */
export async function createTestDatabase(
  alias: string,
  workerId: number,
): Promise<{ readonly url: string; readonly remove: () => Promise<void> }> {
  const { url } = connections.options(alias);
  return url.startsWith("sqlite:") ? temporaryFile() : freshDatabase(alias, url, workerId);
}

async function temporaryFile() {
  const directory = await mkdtemp(join(tmpdir(), "tsjango-test-"));
  return {
    url: `sqlite:${join(directory, "test.sqlite3")}`,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

async function freshDatabase(alias: string, url: string, workerId: number) {
  const own = new URL(url);
  const name = `test_${decodeURIComponent(own.pathname.slice(1)) || "tsjango"}_${workerId}`;
  own.pathname = `/${encodeURIComponent(name)}`;
  const admin = openDatabase(`${alias} (to make ${name})`, { url, maxConnections: 1 });
  const quoted = `"${name.replaceAll('"', '""')}"`;
  const drop = () => admin.execute(`DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`);
  // A run that was killed leaves its database behind.
  await drop();
  await admin.execute(`CREATE DATABASE ${quoted}`);
  return {
    url: own.href,
    async remove() {
      await drop();
      await admin.close();
    },
  };
}
