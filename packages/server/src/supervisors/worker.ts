import { inspect } from "node:util";
import { importApplication } from "../import-application.ts";
import { createServer } from "../server.ts";
import type { ServeOptions } from "./serve-options.ts";

/** What a worker tells its supervisor. */
export type WorkerMessage =
  | { readonly type: "ready"; readonly url: string }
  | { readonly type: "failed"; readonly message: string; readonly exitCode: number };

/** What a supervisor tells a worker. */
export type SupervisorMessage = { readonly type: "drain" };

// The entry of a worker process: `serveWithWorkers` forks this file with its options as JSON.
const options = JSON.parse(process.argv[2] as string) as ServeOptions;
const drained = Promise.withResolvers<void>();
const drain = () => drained.resolve();
process.on("message", (message: SupervisorMessage) => message.type === "drain" && drain());
// Ctrl-C reaches the whole process group; the supervisor decides.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", drain);

function tell(message: WorkerMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
}

try {
  const application = await importApplication(options.application, options.cwd);
  const accessLog = options.accessLog ? (line: string) => void process.stdout.write(`${line}\n`) : undefined;
  const server = createServer(application, { ...options, accessLog });
  await tell({ type: "ready", url: await server.listen() });
  await drained.promise;
  await server.close();
  process.exit(0);
} catch (error) {
  const { exitCode = 3, cause } = error as { exitCode?: number; cause?: unknown };
  const message = error instanceof Error && exitCode !== 3 ? error.message : inspect(cause ?? error);
  await tell({ type: "failed", message, exitCode });
  process.exit(exitCode);
}
