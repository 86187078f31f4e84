import { DEFAULT_FORMAT } from "../access-log.ts";
import type { LifespanMode } from "../config.ts";

/** How a site is served. Times are seconds, sizes bytes; each name is that of a flag of `serve`. */
export interface ServeSettings {
  /** Addresses as `--bind` takes them: `"0.0.0.0:8000"`, `"unix:/run/site.sock"`, `"fd://3"`. */
  readonly bind: readonly string[];
  /** Processes. `"auto"`: as many as there are processors for this one. */
  readonly workers: number | "auto";
  /** How long a worker may not come to its next event before it is killed; 0: for ever. */
  readonly timeout: number;
  /** How long a worker may take to become ready; 0: for ever. */
  readonly startupTimeout: number;
  /** How long requests in flight may take to finish when their worker ends. */
  readonly gracefulTimeout: number;
  /** How long connections are still accepted after SIGTERM, while the readiness endpoint says 503 already. */
  readonly drainDelay: number;
  /** Requests after which a worker is replaced; 0: none. */
  readonly maxRequests: number;
  /** Up to so many requests more, at random, that workers do not end together. */
  readonly maxRequestsJitter: number;
  /** Resident memory from which a worker is replaced; 0: any. */
  readonly maxMemory: number;
  /** Up to so many bytes more, at random. */
  readonly maxMemoryJitter: number;
  /** The file that holds the process's id while it serves. */
  readonly pidFile: string | undefined;
  /** The path of the health endpoints, such as `"/healthz"`: `/healthz/live` and `/healthz/ready`. */
  readonly health: string | undefined;
  readonly lifespan: LifespanMode;
  readonly accessLog: boolean;
  /** Where its lines go; "-" is the standard output. Opened anew at SIGUSR1. */
  readonly accessLogFile: string;
  /** gunicorn's atoms, such as `%(h)s "%(r)s" %(s)s`, or "json". */
  readonly accessLogFormat: string;
}

export const DEFAULT_SETTINGS: ServeSettings = {
  bind: ["127.0.0.1:8000"],
  workers: 1,
  timeout: 30,
  startupTimeout: 60,
  gracefulTimeout: 30,
  drainDelay: 0,
  maxRequests: 0,
  maxRequestsJitter: 0,
  maxMemory: 0,
  maxMemoryJitter: 0,
  pidFile: undefined,
  health: undefined,
  lifespan: "auto",
  accessLog: true,
  accessLogFile: "-",
  accessLogFormat: DEFAULT_FORMAT,
};

/** What is served, and how; it travels to workers as a message. */
export interface ServeOptions extends ServeSettings {
  /** `"mysite.asgi:application"`. */
  readonly application: string;
  /** The directory that `application` is seen from. */
  readonly cwd: string;
  /** The file whose default export holds hooks. */
  readonly configFile: string | undefined;
}

/** Where a supervisor writes. */
export interface ServeOutput {
  log(line: string): void;
  error(line: string): void;
  /** Opens files anew that were moved away. */
  reopen?(): void;
}
