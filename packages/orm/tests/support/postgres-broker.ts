import { createServer } from "node:http";
import { startPostgres } from "./postgres.ts";

const BROKER = "TSJANGO_TEST_POSTGRES_BROKER";

/** Vitest's global set-up: starts PostgreSQL once, when the first test of any worker asks for it. */
export default async function setUp(): Promise<() => Promise<void>> {
  let server: ReturnType<typeof startPostgres> | undefined;
  const broker = createServer((_request, response) => {
    server ??= startPostgres();
    server.then(
      ({ url }) => response.end(url),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise<void>((resolve) => broker.listen(0, "127.0.0.1", resolve));
  const address = broker.address();
  if (address === null || typeof address === "string") throw new Error("The broker has no port.");
  process.env[BROKER] = `http://127.0.0.1:${address.port}/`;
  return async () => {
    broker.close();
    broker.closeAllConnections();
    if (server !== undefined) await (await server).stop();
  };
}

/** The URL of the server of this test run. Throws with the reason where it could not start. */
export async function postgresUrl(): Promise<string> {
  const broker = process.env[BROKER];
  if (broker === undefined) throw new Error("The global set-up of the tests has not run: start vitest from the root.");
  // A connection that was kept may be closed by the time it is used again.
  const response = await fetch(broker, { headers: { connection: "close" } });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
