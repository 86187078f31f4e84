import { createServer } from "@tsjango/server";
import { asyncSite } from "../../packages/tsjango/tests/support/async-site.ts";

// The site of async.ts, in a process of its own: its directory, then "debug" or nothing.
const [, , directory = "", mode] = process.argv;
const application = await asyncSite(directory, { debug: mode === "debug", size: 1 });
const server = createServer(application, { port: 0 });
process.send?.(await server.listen());
process.on("disconnect", async () => {
  await server.close({ gracePeriod: 1000 });
  process.exit(0);
});
