import { AsyncLocalStorage } from "node:async_hooks";
import type { AsgiApplication } from "@tsjango/core/asgi";
import { createServer } from "@tsjango/server";
import { testApplication } from "./application.ts";
import { atTestEnd } from "./at-test-end.ts";

/** A server that runs for the length of a test. */
export interface LiveServer extends AsyncDisposable {
  /** `http://localhost:43219/`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the project, or an application of the test's own, on a free port of this machine until the end of the test, for
 * browsers and other programs. What they write is part of the test's transaction.
 * @example
 * const { url } = await liveServer();
 * expect((await fetch(new URL("/books/", url))).status).toBe(200);
 */
export async function liveServer(application?: AsgiApplication): Promise<LiveServer> {
  const served = application ?? (await testApplication());
  const inTest = AsyncLocalStorage.snapshot();
  const inTransaction: AsgiApplication = (...call) => inTest(() => served(...call));
  // Without lifespan: its end would close the connections of the tests that follow.
  const server = createServer(inTransaction, { host: "127.0.0.1", port: 0, lifespan: "off", gracePeriod: 1000 });
  const url = new URL(await server.listen());
  // The name that the test settings allow.
  url.hostname = "localhost";
  const close = () => server.close();
  atTestEnd("liveServer", close);
  return { url: url.href, close, [Symbol.asyncDispose]: close };
}
