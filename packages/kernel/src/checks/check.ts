import type { Settings } from "../conf/settings.ts";

/** From "nothing works" to "for your information". `error` and above fail `tsjango check`. */
export type CheckLevel = "debug" | "info" | "warning" | "error" | "critical";

/** What a system check found. */
export interface CheckMessage {
  readonly level: CheckLevel;
  /** Stable: the subject, a dot, a letter for the level and a number: `models.E001`. */
  readonly id: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** What it is about: `blog.Book.title`. */
  readonly subject?: string;
}

/** A system check: looks at the project without changing it. Source: Django's system check framework. */
export interface Check {
  /** `models`, `urls`, `settings`, `security` …: for `check --tag`. */
  readonly tags: readonly string[];
  /** Runs only when the command `check` asks for it, not before other commands. */
  readonly asked?: boolean;
  /** Runs only with `check --deploy`. */
  readonly deploy?: boolean;
  run(settings: Settings): Iterable<CheckMessage> | Promise<Iterable<CheckMessage>>;
}
