/** How much something matters, from least to most. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
/** A level of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What stands beside a message: names and values that programs can search. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One thing that was logged. */
export interface LogRecord {
  readonly level: LogLevel;
  /** Who says it: `"tsjango.request"`. */
  readonly channel: string;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** What was thrown, where something was. */
  readonly error?: unknown;
  /** What else was said, secrets masked; `requestId` and `view` come from the request that it belongs to. */
  readonly fields: LogFields;
}

/** Whether `level` matters as much as `least`. */
export function reaches(level: LogLevel, least: LogLevel | "silent"): boolean {
  return least !== "silent" && LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}
