import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type AsgiApplication, toFetch, toNodeListener } from "@tsjango/core/asgi";
import { onTestFinished } from "vitest";

/** A way to make requests to an application; closed when its test is over. */
export interface Transport {
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** What the bridge reported. */
  readonly errors: unknown[];
}

async function inProcess(application: AsgiApplication): Promise<Transport> {
  const errors: unknown[] = [];
  const fetch = toFetch(application, { onError: (error) => errors.push(error) });
  return {
    errors,
    fetch: (path, init) => fetch(new Request(`http://localhost${path}`, init)),
  };
}

async function overSocket(application: AsgiApplication): Promise<Transport> {
  const errors: unknown[] = [];
  const server = createServer(toNodeListener(application, { onError: (error) => errors.push(error) }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    errors,
    fetch: (path, init) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual", ...init }),
  };
}

/** Both ways into an application: each behaviour is tested through each. */
export const transports = [
  ["in process", inProcess],
  ["over a socket", overSocket],
] as const;
