import cluster from "node:cluster";
import { join } from "node:path";
import type { Contender } from "../harness.ts";

/** Two workers of node:cluster, as its documentation has them. */
export async function start(): Promise<Contender> {
  cluster.setupPrimary({ exec: join(import.meta.dirname, "cluster-worker.ts"), args: [] });
  const ports = Array.from({ length: 2 }, () => {
    const worker = cluster.fork();
    return new Promise<number>((resolve) => worker.on("listening", ({ port }) => resolve(port)));
  });
  const [port] = await Promise.all(ports);
  return {
    url: `http://127.0.0.1:${port}`,
    version: process.version,
    stop: () =>
      new Promise((resolve) => {
        for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGKILL");
        cluster.disconnect(resolve);
      }),
  };
}
