import { importApplication } from "../import-application.ts";
import { createServer } from "../server.ts";
import type { ServeOptions, ServeOutput } from "./serve-options.ts";
import { onStopSignals } from "./stop-signals.ts";

export type { ServeOptions, ServeOutput };

/** Serves in this process until SIGINT or SIGTERM; resolves with the exit code. A second signal cuts connections. */
export async function serveInProcess(options: ServeOptions, output: ServeOutput): Promise<number> {
  const stopped = Promise.withResolvers<void>();
  let forced = false;
  const off = onStopSignals(
    () => stopped.resolve(),
    () => {
      forced = true;
      process.exit(0);
    },
  );
  try {
    const application = await importApplication(options.application, options.cwd);
    const accessLog = options.accessLog ? output.log : undefined;
    const server = createServer(application, { ...options, accessLog });
    const url = await server.listen();
    output.log(`Serving ${options.application} at ${url} with 1 worker. Quit with Ctrl-C.`);
    await stopped.promise;
    if (!forced) await server.close();
    return 0;
  } finally {
    off();
  }
}
