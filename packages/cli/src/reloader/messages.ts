import type { StartupNotice } from "@tsjango/kernel/apps";
import type { BootError } from "./boot-error.ts";

/** What a process of the site tells its supervisor. */
export type ChildMessage =
  /** It answers. Changes below `rereadDirectories` need no new process: templates and static files are read each time. */
  | { readonly type: "ready"; readonly rereadDirectories: readonly string[] }
  | { readonly type: "news"; readonly report: string; readonly notices: readonly StartupNotice[] }
  /** The dependencies that the project has imported so far, as URLs in their order. */
  | { readonly type: "dependencies"; readonly urls: readonly string[] }
  /** It cannot start, or something that nobody caught ends it. */
  | { readonly type: "failed"; readonly error: BootError }
  | { readonly type: "accepted"; readonly id: number };

/** What the supervisor tells a process of the site. */
export type SupervisorMessage =
  /** Load these, and nothing of the project. */
  | { readonly type: "preload"; readonly urls: readonly string[] }
  /** Load the project, and answer. */
  | { readonly type: "go" }
  /** What pages tell the browser that they show; see the refresh script. */
  | { readonly type: "build"; readonly build: string }
  /** A connection comes with its socket, and with the bytes that were read from it already, one character each. */
  | { readonly type: "connection"; readonly id: number; readonly head: string }
  | { readonly type: "drain" };

/** How a process of the site is started: its arguments, as JSON. */
export interface SiteOptions {
  readonly cwd: string;
  /** Milliseconds that requests in flight get to finish. */
  readonly grace: number;
  /** Whether pages refresh themselves when there is a new build. */
  readonly refresh: boolean;
  /** The script that runs `tsjango`, for commands that a page offers. */
  readonly entry: string;
}
