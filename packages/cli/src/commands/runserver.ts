import { relative } from "node:path";
import { ALLOW_ASYNC_UNSAFE, isAsyncUnsafeAllowed } from "@tsjango/kernel/async";
import type { Project } from "@tsjango/kernel/conf";
import { type CommandOutput, defineCommand } from "@tsjango/kernel/management";
import { type HostAndPort, parseAddress } from "../terminal/address.ts";
import { version } from "../version.ts";

const STOP_GRACE = 1_000;

function banner(project: Project, url: string, output: CommandOutput): void {
  output.log(output.style("bold", `tsjango ${version()}, Node ${process.versions.node}`));
  output.log(`Settings: ${relative(project.directory, project.settingsFile)}`);
  if (isAsyncUnsafeAllowed()) {
    const advice = "It is for development only; unset it to find code that blocks the event loop.";
    output.error(output.style("yellow", `${ALLOW_ASYNC_UNSAFE} is set: the async guard is off. ${advice}`));
  }
  output.log(`Starting development server at ${url}`);
  output.log("Quit with Ctrl-C.");
}

/** Resolves at the first SIGINT or SIGTERM; calls `force` at the next. */
function stopSignal(force: () => void): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const listener = () => {
      if (asked) force();
      asked = true;
      resolve();
    };
    process.on("SIGINT", listener);
    process.on("SIGTERM", listener);
  });
}

async function serveWithReload(address: HostAndPort, project: Project, cwd: string, output: CommandOutput) {
  const { Supervisor } = await import("../reloader/supervisor.ts");
  const supervisor = new Supervisor(cwd, output);
  const stopped = stopSignal(() => supervisor.kill());
  const url = await supervisor.listen(address);
  supervisor.restart();
  banner(project, url, output);
  const { watchProject } = await import("../reloader/watcher.ts");
  const watch = watchProject(project.directory, (file) => {
    output.log(output.style("dim", `${file} changed, restarting.`));
    supervisor.restart();
  });
  await stopped;
  await Promise.all([watch.close(), supervisor.stop(STOP_GRACE)]);
}

async function serveOnce(address: HostAndPort, project: Project, cwd: string, output: CommandOutput) {
  const [{ loadSite }, { createServer }] = await Promise.all([
    import("../reloader/load-site.ts"),
    import("@tsjango/server"),
  ]);
  const stopped = stopSignal(() => process.exit(0));
  const site = await loadSite(cwd);
  const server = createServer(site.application, { ...address, accessLog: output.log });
  const url = await server.listen();
  banner(project, url, output);
  for (const line of [site.report, ...(await site.notices())]) output.log(line);
  await stopped;
  await server.close({ gracePeriod: STOP_GRACE });
}

export default defineCommand({
  name: "runserver",
  description: "Starts the development server, which restarts when a file is saved.",
  arguments: [{ name: "[addrport]", description: "8001, 127.0.0.1:8001; default: port from PORT, or 8000" }],
  // The process that watches keeps no code of the project: its children load it.
  requires: "project",
  options: { noreload: { flags: "--noreload", description: "one process, no watching" } },
  async run({ args, options, output, project, cwd }) {
    const address = parseAddress(args[0]);
    await (options.noreload ? serveOnce : serveWithReload)(address, project, cwd, output);
    return 0;
  },
});
