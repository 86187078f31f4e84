import type { Scope } from "@tsjango/core/asgi";
import type { ServeOptions, ServeSettings } from "./settings.ts";

/** The process that supervises. */
export interface SupervisorInfo {
  readonly pid: number;
  /** How many workers there should be. */
  readonly workers: number;
  readonly options: ServeOptions;
}

/** A process that serves. */
export interface WorkerInfo {
  /** Undefined before it is started. */
  readonly pid: number | undefined;
  /** Counts the workers that this supervisor has started, from 1. */
  readonly id: number;
}

/** A request that has been answered. */
export interface AnsweredRequest {
  /** Undefined where nothing was answered, and for WebSockets. */
  readonly status: number | undefined;
  readonly milliseconds: number;
}

type Done = void | Promise<void>;

/**
 * What gunicorn calls server hooks. What `onStarting`, `postFork` and `postWorkerInit` throw ends the process that runs
 * them; what the others throw is logged. Source: https://docs.gunicorn.org/en/stable/settings.html#server-hooks
 */
export interface ServeHooks {
  /** In the supervisor, before it takes its addresses. */
  onStarting?(supervisor: SupervisorInfo): Done;
  /** In the supervisor, at SIGHUP. */
  onReload?(supervisor: SupervisorInfo): Done;
  /** In the supervisor, once all workers are ready. */
  whenReady?(supervisor: SupervisorInfo): Done;
  /** In the supervisor, before it starts a worker. */
  preFork?(supervisor: SupervisorInfo, worker: WorkerInfo): void;
  /** In the worker, before it imports the application. */
  postFork?(worker: WorkerInfo): Done;
  /** In the worker, once the application has started, before the first request. */
  postWorkerInit?(worker: WorkerInfo): Done;
  /** In the worker, when it is to end without waiting for requests. */
  workerInt?(worker: WorkerInfo): Done;
  /** In the supervisor, when a worker is killed because it is blocked; `stack` is what blocked it, where that is known. */
  workerAbort?(supervisor: SupervisorInfo, worker: WorkerInfo, stack: string | undefined): Done;
  /** In the supervisor, at SIGUSR2 before its successor is started. */
  preExec?(supervisor: SupervisorInfo): Done;
  /** In the worker, before a request or WebSocket reaches the application. */
  preRequest?(worker: WorkerInfo, scope: Scope): void;
  /** In the worker, when the application is done with it. */
  postRequest?(worker: WorkerInfo, scope: Scope, answered: AnsweredRequest): void;
  /** In the supervisor, when a worker has ended. */
  childExit?(supervisor: SupervisorInfo, worker: WorkerInfo): Done;
  /** In the worker, before it ends. */
  workerExit?(worker: WorkerInfo): Done;
  /** In the supervisor, when SIGTTIN, SIGTTOU or a reload changed how many workers there should be. */
  nworkersChanged?(supervisor: SupervisorInfo, count: number, before: number): Done;
  /** In the supervisor, before it ends. */
  onExit?(supervisor: SupervisorInfo): Done;
}

/** What `tsjango.server.ts` exports: any of the flags of `serve`, and hooks. */
export type ServerFile = { readonly [K in keyof ServeSettings]?: ServeSettings[K] } & {
  /** `"mysite.asgi:application"`. */
  readonly application?: string;
} & ServeHooks;

/**
 * Types the default export of `tsjango.server.ts`. Flags of `serve` win over it.
 * @example
 * export default defineServer({
 *   bind: ["0.0.0.0:8000"],
 *   workers: "auto",
 *   maxRequests: 10_000,
 *   maxRequestsJitter: 1_000,
 *   whenReady: ({ pid }) => console.log(`${pid} is ready`),
 * });
 */
export function defineServer(file: ServerFile): ServerFile {
  return file;
}
