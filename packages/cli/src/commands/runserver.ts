import { relative } from "node:path";
import { ALLOW_ASYNC_UNSAFE, isAsyncUnsafeAllowed } from "@tsjango/kernel/async";
import type { Project } from "@tsjango/kernel/conf";
import { type CommandOutput, defineCommand } from "@tsjango/kernel/management";
import { requireProject } from "../prepare.ts";
import { type HostAndPort, parseAddress } from "../terminal/address.ts";
import type { KeyMenu } from "../terminal/key-menu.ts";
import { version } from "../version.ts";

const STOP_GRACE = 1_000;
/** Milliseconds after which everything that is needed is loaded. */
const SETTLED = 3_000;

/** What `runserver` was asked for. */
interface Serving {
  readonly address: HostAndPort;
  readonly project: Project;
  readonly cwd: string;
  readonly output: CommandOutput;
  readonly refresh: boolean;
  readonly preload: boolean;
}

function banner({ project, output }: Serving, url: string): void {
  output.log(output.style("bold", `tsjango ${version()}, Node ${process.versions.node}`));
  output.log(`Settings: ${relative(project.directory, project.settingsFile)}`);
  if (isAsyncUnsafeAllowed()) {
    const advice = "It is for development only; unset it to find code that blocks the event loop.";
    output.error(output.style("yellow", `${ALLOW_ASYNC_UNSAFE} is set: the async guard is off. ${advice}`));
  }
  output.log(`Starting development server at ${url}`);
  output.log(output.interactive ? "Quit with q or Ctrl-C; h lists the keys." : "Quit with Ctrl-C.");
}

/** The first SIGINT or SIGTERM, or `quit()`, resolves `asked`; another calls `force`. */
function stopping(force: () => void, ignored: () => boolean = () => false) {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  let before = false;
  const quit = () => {
    if (before) force();
    before = true;
    resolve();
  };
  process.on("SIGINT", () => ignored() || quit());
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, quit);
  return { asked, quit };
}

async function serveWithReload(serving: Serving): Promise<void> {
  const { address, project, output } = serving;
  const { Supervisor } = await import("../reloader/supervisor.ts");
  let menu: KeyMenu | undefined;
  const onEnd = () => menu?.retake();
  const supervisor = new Supervisor({ ...serving, directory: project.directory, onEnd }, output);
  // Ctrl-C in the shell is the shell's, though the terminal sends it to all of us.
  const { asked, quit } = stopping(
    () => supervisor.kill(),
    () => menu?.released === true,
  );
  // First of all, as it takes longest.
  supervisor.restart();
  const url = await supervisor.listen(address).catch(async (error) => {
    await supervisor.stop(0);
    throw error;
  });
  banner(serving, url);
  const { watchProject } = await import("../reloader/watcher.ts");
  const watch = watchProject(project.directory, supervisor);
  if (output.interactive) {
    const [{ openKeyMenu }, { serverKeys }] = await Promise.all([
      import("../terminal/key-menu.ts"),
      import("../reloader/server-keys.ts"),
    ]);
    const restart = () => supervisor.restart({ cold: true });
    menu = openKeyMenu(serverKeys({ url, cwd: serving.cwd, output, restart, quit }), output);
  }
  const { freeMemory } = await import("../reloader/free-memory.ts");
  setTimeout(freeMemory, SETTLED).unref();
  await asked;
  menu?.close();
  menu = undefined;
  await Promise.all([watch.close(), supervisor.stop(STOP_GRACE)]);
}

async function serveOnce(serving: Serving): Promise<void> {
  const { address, project, output } = serving;
  const [{ loadSite }, { developmentApplication }, { createServer }] = await Promise.all([
    import("../reloader/load-site.ts"),
    import("../reloader/development-application.ts"),
    import("@tsjango/server"),
  ]);
  const { asked } = stopping(() => process.exit(0));
  const site = await loadSite(project);
  const { application } = developmentApplication(site, {
    project,
    entry: process.argv[1] as string,
    build: () => undefined,
  });
  const server = createServer(application, address);
  const url = await server.listen();
  banner(serving, url);
  output.log(site.report);
  for (const { text } of await site.notices()) output.log(text);
  await asked;
  await server.close({ gracePeriod: STOP_GRACE });
}

export default defineCommand({
  name: "runserver",
  description: "Starts the development server, which restarts when a file is saved.",
  arguments: [{ name: "[addrport]", description: "8001, 127.0.0.1:8001; default: port from PORT, or 8000" }],
  // The process that watches keeps no code of the project: its children load it. Nor does it wait for the settings' own.
  requires: "nothing",
  options: {
    noreload: { flags: "--noreload", description: "one process, no watching" },
    noBrowserRefresh: { flags: "--no-browser-refresh", description: "pages do not load again after a save" },
    noPreload: { flags: "--no-preload", description: "no process stands by with the installed packages loaded" },
  },
  async run({ args, options, output, cwd }) {
    const serving: Serving = {
      address: parseAddress(args[0]),
      project: await requireProject(cwd),
      cwd,
      output,
      refresh: options.noBrowserRefresh !== true,
      preload: options.noPreload !== true,
    };
    await (options.noreload ? serveOnce : serveWithReload)(serving);
    return 0;
  },
});
