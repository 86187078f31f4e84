import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs `body` with something that is disposed of afterwards. Node 22 cannot parse `await using`. */
export async function within<R extends AsyncDisposable, T>(
  made: R | Promise<R>,
  body: (resource: R) => Promise<T>,
): Promise<T> {
  const resource = await made;
  try {
    return await body(resource);
  } finally {
    await resource[Symbol.asyncDispose]();
  }
}

/** Runs `body` with the URL of an SQLite file in a directory of its own. */
export async function withSqliteFile<T>(body: (url: string, file: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "tsjango-reliability-sqlite-"));
  const file = join(directory, "db.sqlite3");
  try {
    return await body(`sqlite:${file}`, file);
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
