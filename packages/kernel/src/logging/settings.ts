import { z } from "zod";
import { LOG_LEVELS, type LogLevel, type LogRecord } from "./record.ts";

/** A level from which on something is written, or "silent" for never. */
export type LogThreshold = LogLevel | "silent";

/** Receives records besides the output: to mail errors, to send them to a service. */
export interface LogHandler {
  /** From which level on. Default "error". */
  readonly level?: LogLevel | undefined;
  /** Only this channel and those below it. Default: all. */
  readonly channel?: string | undefined;
  handle(record: LogRecord): void | Promise<void>;
}

/** The setting `logging`, as a project writes it. */
export interface LoggingInput {
  /** From which level on records are written. Default "info". */
  readonly level?: LogThreshold;
  /** Levels of single channels and of those below them: `{ "tsjango.database": "debug" }` shows SQL. */
  readonly channels?: Readonly<Record<string, LogThreshold>>;
  /** `"pretty"` for people, `"json"` for programs, a line each. Default: pretty with `debug`, else JSON. */
  readonly format?: "pretty" | "json";
  /** A file to append to, relative to `baseDir`. Default: standard error. */
  readonly file?: string;
  readonly handlers?: readonly LogHandler[];
}

/** The setting `logging` in force. */
export interface LoggingSettings {
  readonly level: LogThreshold;
  readonly channels: Readonly<Record<string, LogThreshold>>;
  readonly format: "pretty" | "json" | undefined;
  readonly file: string | undefined;
  readonly handlers: readonly LogHandler[];
}

const threshold = z.enum([...LOG_LEVELS, "silent"]);

/** Checks the setting. */
export const loggingSchema = z
  .strictObject({
    level: threshold.default("info"),
    channels: z.record(z.string(), threshold).default({}),
    format: z.enum(["pretty", "json"]).optional(),
    file: z.string().min(1).optional(),
    handlers: z
      .array(z.custom<LogHandler>(isHandler, { error: "expected a handler: { level, handle(record) { … } }" }))
      .default([]),
  })
  .prefault({});

function isHandler(value: unknown): boolean {
  const handler = value as Partial<LogHandler> | null | undefined;
  return typeof handler?.handle === "function" && (handler.level === undefined || LOG_LEVELS.includes(handler.level));
}
