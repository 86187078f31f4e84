import { fork } from "node:child_process";
import { join } from "node:path";

/** The variable that names a server for the tests. */
export const POSTGRES_URL = "TSJANGO_TEST_POSTGRES_URL";

/** A server for one test run: the one that the variable names, else one that is started, on a port of its own. */
export async function startPostgres(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const given = process.env[POSTGRES_URL];
  if (given) return { url: given, stop: async () => {} };
  const child = fork(join(import.meta.dirname, "postgres-process.ts"), { execArgv: [] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const answer = await new Promise<{ url?: string; error?: string }>((resolve) => {
    child.once("message", resolve);
    child.once("exit", (code) => resolve({ error: `Its process ended with ${code}.` }));
  });
  const stop = async () => {
    if (child.connected) child.disconnect();
    await ended;
  };
  if (answer.url !== undefined) return { url: answer.url, stop };
  await stop();
  throw new Error(answer.error);
}
