import { ALLOW_ASYNC_UNSAFE, isAsyncUnsafeAllowed } from "@tsjango/kernel/async";
import { CommandError } from "@tsjango/kernel/exceptions";
import { defineCommand } from "@tsjango/kernel/management";
import { importApplication, type ServeOptions, standBehindInit, supervise } from "@tsjango/server";
import { projectApplication } from "../reloader/project-application.ts";
import { flagsOfTable, type ResolvedOptions, resolveOptions } from "../serving/resolve-options.ts";
import { findServerFile, readServerFile } from "../serving/server-file.ts";
import { serverOutput } from "../serving/server-output.ts";

export default defineCommand({
  name: "serve",
  description: "Serves an ASGI application in production: no reload, no debugging aids.",
  arguments: [
    { name: "[application]", description: "module and name, such as mysite.asgi:application; default: the project's" },
  ],
  requires: "settings",
  options: {
    ...flagsOfTable(),
    port: { flags: "-p, --port <port>", description: "the port alone" },
    config: { flags: "-c, --config <file>", description: "the server file (default: tsjango.server.ts)" },
    checkConfig: { flags: "--check-config", description: "loads the server file and the application, and ends" },
    printConfig: { flags: "--print-config", description: "prints every option with its source, and ends" },
  },
  async run({ args, options: flags, output, settings, project, cwd }) {
    standBehindInit();
    if (isAsyncUnsafeAllowed() && !settings.debug) {
      throw new CommandError(
        `${ALLOW_ASYNC_UNSAFE} is set: the async guard is off. It is for development only. Unset it to serve.`,
      );
    }
    process.env["NODE_ENV"] = "production";
    let version = 0;
    const read = async (): Promise<ResolvedOptions> => {
      const named = findServerFile(flags.config, cwd, project.directory);
      const file = named === undefined ? undefined : await readServerFile(named, cwd, version++);
      const word = args[0] ?? file?.application;
      const target = word === undefined ? projectApplication(project) : { application: word, cwd };
      return resolveOptions({ flags, port: flags.port, file, ...target });
    };
    const resolved = await read();
    if (flags.printConfig) output.log(describe(resolved));
    if (flags.checkConfig) {
      await importApplication(resolved.options.application, resolved.options.cwd);
      output.log("The configuration is good, and the application can be imported.");
    }
    if (flags.printConfig || flags.checkConfig) return 0;
    return supervise(
      resolved.options,
      serverOutput(settings, output),
      async (): Promise<ServeOptions> => (await read()).options,
    );
  },
});

/** One option a line: `workers = 4 (flag)`. */
function describe({ options, sources }: ResolvedOptions): string {
  const { application, cwd, configFile } = options;
  const lines = [
    `application = ${JSON.stringify(application)}`,
    `cwd = ${JSON.stringify(cwd)}`,
    `configFile = ${JSON.stringify(configFile ?? null)}`,
    ...Object.entries(sources).map(([key, source]) => {
      const given = options[key as keyof ServeOptions];
      const value = key === "tlsKeyPassword" && given !== undefined ? "(hidden)" : given;
      return `${key} = ${JSON.stringify(value ?? null)} (${source})`;
    }),
  ];
  return lines.join("\n");
}
