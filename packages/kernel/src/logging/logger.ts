import { currentContext } from "../async/context.ts";
import { maskSecrets, printable } from "../utils/index.ts";
import { type LogOutput, pinoOutput } from "./output.ts";
import { type LogFields, type LogLevel, type LogRecord, reaches } from "./record.ts";
import type { LogHandler, LogThreshold } from "./settings.ts";

/** Writes one record: a message, or fields (or an error) with a message. */
export interface LogMethod {
  (message: string): void;
  /** An `error` among the fields is written with its stack and causes. */
  (fields: LogFields, message: string): void;
}

/** Says things on one channel. */
export interface Logger extends Readonly<Record<LogLevel, LogMethod>> {
  readonly channel: string;
  /** Whether anybody would see it; asked where making the record costs something. */
  isEnabled(level: LogLevel): boolean;
}

/** What is in force. */
export interface LoggingState {
  readonly level: LogThreshold;
  /** Longest names first. */
  readonly channels: readonly (readonly [string, LogThreshold])[];
  readonly handlers: readonly LogHandler[];
  readonly output: LogOutput;
}

let state: LoggingState = { level: "info", channels: [], handlers: [], output: pinoOutput("pretty", undefined) };
let redirected: ((record: LogRecord) => void) | undefined;
const loggers = new Map<string, Logger>();
/** The threshold of each channel that was asked for, under the state in force. */
const thresholds = new Map<string, LogThreshold>();

/** Puts other rules in force. */
export function applyLogging(next: LoggingState): void {
  state.output.close();
  state = next;
  thresholds.clear();
}

/** The output in force. */
export function logOutput(): LogOutput {
  return state.output;
}

/**
 * The logger of a channel: `"tsjango.request"`, or a name of your own. It may be made before settings are loaded.
 * @example
 * const log = logger("shop.payments");
 * log.warn({ order: 17, provider: "acme" }, "The payment was refused");
 */
export function logger(channel: string): Logger {
  const made = loggers.get(channel) ?? makeLogger(channel);
  loggers.set(channel, made);
  return made;
}

function makeLogger(channel: string): Logger {
  const method =
    (level: LogLevel): LogMethod =>
    (first: string | LogFields, message?: string) => {
      if (!isEnabled(channel, level)) return;
      if (typeof first === "string") emit(channel, level, first, {});
      else emit(channel, level, message ?? "", first);
    };
  return {
    channel,
    isEnabled: (level) => isEnabled(channel, level),
    trace: method("trace"),
    debug: method("debug"),
    info: method("info"),
    warn: method("warn"),
    error: method("error"),
    fatal: method("fatal"),
  };
}

function isEnabled(channel: string, level: LogLevel): boolean {
  const known = thresholds.get(channel);
  if (known !== undefined) return reaches(level, known);
  const threshold = state.channels.find(([name]) => isWithin(channel, name))?.[1] ?? state.level;
  thresholds.set(channel, threshold);
  return reaches(level, threshold);
}

function isWithin(channel: string, name: string): boolean {
  return channel === name || channel.startsWith(`${name}.`);
}

function emit(channel: string, level: LogLevel, message: string, { error, ...fields }: LogFields): void {
  const context = currentContext();
  const record: LogRecord = {
    level,
    channel,
    message: printable(message),
    time: Date.now(),
    fields: {
      ...(context?.requestId === undefined ? {} : { requestId: context.requestId }),
      ...(context?.name === undefined ? {} : { view: context.name }),
      ...(maskSecrets(fields) as LogFields),
    },
    ...(error === undefined ? {} : { error }),
  };
  if (redirected === undefined) state.output.write(record);
  else redirected(record);
  for (const handler of state.handlers) tell(handler, record);
}

/** What a handler throws is written, and told to no handler. */
function tell(handler: LogHandler, record: LogRecord): void {
  if (!reaches(record.level, handler.level ?? "error")) return;
  if (handler.channel !== undefined && !isWithin(record.channel, handler.channel)) return;
  const failed = (error: unknown) => {
    const message = `A handler of logs failed at ${JSON.stringify(record.message)}`;
    state.output.write({ level: "error", channel: "tsjango.logging", message, time: Date.now(), error, fields: {} });
  };
  try {
    Promise.resolve(handler.handle(record)).catch(failed);
  } catch (error) {
    failed(error);
  }
}

/** Sends records to `receive` and not to the output, as tests do; returns what puts the output back. */
export function redirectLogs(receive: (record: LogRecord) => void): () => void {
  const former = redirected;
  redirected = receive;
  return () => {
    redirected = former;
  };
}
