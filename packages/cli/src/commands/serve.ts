import { ALLOW_ASYNC_UNSAFE, isAsyncUnsafeAllowed } from "@tsjango/kernel/async";
import { CommandError, UsageError } from "@tsjango/kernel/exceptions";
import { defineCommand } from "@tsjango/kernel/management";
import type { LifespanMode, ServeOptions } from "@tsjango/server";
import { projectApplication } from "../reloader/project-application.ts";
import { type HostAndPort, parseAddress } from "../terminal/address.ts";

function atLeast(least: number, name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && value >= least && (least === 0 || Number.isInteger(value))) return value;
    throw new UsageError(`${name} takes a number from ${least}; found "${text}".`);
  };
}

function lifespan(text: string): LifespanMode {
  if (text === "auto" || text === "on" || text === "off") return text;
  throw new UsageError(`--lifespan takes auto, on or off; found "${text}".`);
}

export default defineCommand({
  name: "serve",
  description: "Serves an ASGI application in production: no reload, no debugging aids.",
  arguments: [
    { name: "[application]", description: "module and name, such as mysite.asgi:application; default: the project's" },
  ],
  requires: "settings",
  options: {
    workers: { flags: "-w, --workers <count>", description: "processes", default: 1, parse: atLeast(1, "--workers") },
    bind: {
      flags: "-b, --bind <host:port>",
      description: "where to listen (default: 127.0.0.1, port from PORT or 8000)",
    },
    port: { flags: "-p, --port <port>", description: "the port alone" },
    gracefulTimeout: {
      flags: "--graceful-timeout <seconds>",
      description: "how long requests may take to finish at the end",
      default: 10,
      parse: atLeast(0, "--graceful-timeout"),
    },
    lifespan: { flags: "--lifespan <mode>", description: "auto, on or off", default: "auto", parse: lifespan },
    noAccessLog: { flags: "--no-access-log", description: "no line for each request" },
  },
  async run({ args, options, output, settings, project, cwd }) {
    if (isAsyncUnsafeAllowed() && !settings.debug) {
      throw new CommandError(
        `${ALLOW_ASYNC_UNSAFE} is set: the async guard is off. It is for development only. Unset it to serve.`,
      );
    }
    process.env["NODE_ENV"] = "production";
    const { host, port } = addressOf(options);
    const serving: ServeOptions = {
      ...(args[0] === undefined ? projectApplication(project) : { application: args[0], cwd }),
      host,
      port,
      lifespan: options.lifespan as LifespanMode,
      gracePeriod: (options.gracefulTimeout as number) * 1000,
      accessLog: !options.noAccessLog,
    };
    const server = await import("@tsjango/server");
    const count = options.workers as number;
    return count === 1 ? server.serveInProcess(serving, output) : server.serveWithWorkers(count, serving, output);
  },
});

function addressOf({ bind, port }: { bind: string | undefined; port: string | undefined }): HostAndPort {
  const bound = parseAddress(bind);
  return port === undefined ? bound : { ...bound, port: parseAddress(port).port };
}
