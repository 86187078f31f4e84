import type { AppConfig } from "../apps/app-config.ts";
import type { LoggingInput, LoggingSettings } from "../logging/settings.ts";

/**
 * Where a project tells the framework of its own types:
 * `declare module "tsjango/conf" { interface Register { settings: typeof settings } }` types `settings.custom`.
 */
export interface Register {}

type RegisteredCustom = Register extends { settings: { custom: infer C } } ? C : Readonly<Record<string, unknown>>;

/** How many worker threads a process may have, and for how long. */
export interface WorkerThreads {
  /** The most threads of one process. Default: one less than there are processors, at least 1. */
  readonly size?: number | undefined;
  /** After how many milliseconds without work a thread ends. Default 30,000. */
  readonly idleTimeout?: number | undefined;
}

/** What a project writes in `settings.ts`. Packages add their keys by augmenting this interface. */
export interface SettingsInput {
  /** The project's root directory; relative paths in other settings start here. */
  baseDir: URL | string;
  /** Signs cookies and tokens; keep it out of version control. */
  secretKey: string;
  /** Former secret keys: what they signed is still accepted, while everything new is signed with `secretKey`. */
  secretKeyFallbacks?: readonly string[];
  /** Detailed error pages and development conveniences; never in production. Default false. */
  debug?: boolean;
  /** The apps of the project, in order. tsjango's own come first by themselves. */
  installedApps?: readonly AppConfig[];
  /** Only "UTC" so far. */
  timeZone?: string;
  /** Ids of system checks whose messages are not shown, such as "security.W004". */
  silencedSystemChecks?: readonly string[];
  /** What is logged, how and where. */
  logging?: LoggingInput;
  /** The threads for `syncToAsync(import.meta.url, …)`. */
  workerThreads?: WorkerThreads;
}

/** The settings in force, complete with defaults. Packages add their keys by augmenting this interface. */
export interface Settings {
  /** The project's root directory, as an absolute path. */
  readonly baseDir: string;
  readonly secretKey: string;
  readonly secretKeyFallbacks: readonly string[];
  readonly debug: boolean;
  readonly installedApps: readonly AppConfig[];
  readonly timeZone: string;
  readonly silencedSystemChecks: readonly string[];
  readonly logging: LoggingSettings;
  readonly workerThreads: WorkerThreads;
  /** The project's own settings. */
  readonly custom: RegisteredCustom;
}
