import type { LifespanMode } from "../config.ts";

/** What is served and how; it travels to workers as JSON. */
export interface ServeOptions {
  /** `"mysite.asgi:application"`. */
  readonly application: string;
  /** The directory that `application` is seen from. */
  readonly cwd: string;
  readonly host: string;
  readonly port: number;
  readonly lifespan: LifespanMode;
  /** Milliseconds that requests in flight get to finish. */
  readonly gracePeriod: number;
  readonly accessLog: boolean;
}

/** Where a supervisor writes. */
export interface ServeOutput {
  log(line: string): void;
  error(line: string): void;
}
