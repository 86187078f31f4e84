import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Contender } from "../harness.ts";

/** Has a server of node:http listen, as a contender. */
export async function listen(server: Server, version: string): Promise<Contender> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    version,
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The version of a package that is installed here. */
export function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
