import type { ServeSettings } from "@tsjango/server";
import { count, flag, oneOf, type Reader, seconds, size, text, texts, urlPath, workers } from "./readers.ts";

/** An option of `serve`: as a flag, and as a key of `tsjango.server.ts`. */
export interface ServeOption<T> {
  /** A flag that begins with `--no-` says false. */
  readonly flags: string;
  readonly description: string;
  readonly reader: Reader<T>;
  /** Given again, the flag adds to the list. */
  readonly repeatable?: boolean;
}

/** Every option of `serve`, in the order of its help. */
export const OPTION_TABLE: { readonly [K in keyof ServeSettings]-?: ServeOption<NonNullable<ServeSettings[K]>> } = {
  workers: {
    flags: "-w, --workers <count>",
    description: "processes, or auto (default: WEB_CONCURRENCY or 1)",
    reader: workers,
  },
  bind: {
    flags: "-b, --bind <address>",
    description: "host:port, unix:/path, fd://3; repeatable (default: 127.0.0.1, port from PORT or 8000)",
    reader: texts,
    repeatable: true,
  },
  timeout: {
    flags: "--timeout <seconds>",
    description: "how long a worker may be blocked before it is killed; 0: for ever (default: 30)",
    reader: seconds,
  },
  startupTimeout: {
    flags: "--startup-timeout <seconds>",
    description: "how long a worker may take to become ready; 0: for ever (default: 60)",
    reader: seconds,
  },
  gracefulTimeout: {
    flags: "--graceful-timeout <seconds>",
    description: "how long requests may take to finish at the end (default: 30)",
    reader: seconds,
  },
  drainDelay: {
    flags: "--drain-delay <seconds>",
    description: "how long connections are accepted after SIGTERM, while readiness says 503 (default: 0)",
    reader: seconds,
  },
  maxRequests: {
    flags: "--max-requests <count>",
    description: "requests after which a worker is replaced; 0: none (default: 0)",
    reader: count(0),
  },
  maxRequestsJitter: {
    flags: "--max-requests-jitter <count>",
    description: "up to so many more, at random (default: 0)",
    reader: count(0),
  },
  maxMemory: {
    flags: "--max-memory <size>",
    description: "resident memory, such as 512mb, from which a worker is replaced; 0: any (default: 0)",
    reader: size,
  },
  maxMemoryJitter: {
    flags: "--max-memory-jitter <size>",
    description: "up to so much more, at random (default: 0)",
    reader: size,
  },
  health: {
    flags: "--health <path>",
    description: "answers <path>/live and <path>/ready for load balancers",
    reader: urlPath,
  },
  pidFile: { flags: "--pid-file <file>", description: "holds the process id while it serves", reader: text },
  lifespan: {
    flags: "--lifespan <mode>",
    description: "auto, on or off (default: auto)",
    reader: oneOf("auto", "on", "off"),
  },
  accessLog: { flags: "--no-access-log", description: "no line for each request", reader: flag },
  accessLogFile: {
    flags: "--access-log-file <file>",
    description: "where those lines go; opened anew at SIGUSR1 (default: -, the standard output)",
    reader: text,
  },
  accessLogFormat: {
    flags: "--access-log-format <format>",
    description: 'atoms such as %(h)s "%(r)s" %(s)s, or json',
    reader: text,
  },
};

/** The keys of a server file that are functions. */
export const HOOK_NAMES = [
  "onStarting",
  "onReload",
  "whenReady",
  "preFork",
  "postFork",
  "postWorkerInit",
  "workerInt",
  "workerAbort",
  "preExec",
  "preRequest",
  "postRequest",
  "childExit",
  "workerExit",
  "nworkersChanged",
  "onExit",
] as const;
