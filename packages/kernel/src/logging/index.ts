export { configureLogging, reopenLogs } from "./configure.ts";
export { type Logger, type LogMethod, logger, redirectLogs } from "./logger.ts";
export { LOG_LEVELS, type LogFields, type LogLevel, type LogRecord } from "./record.ts";
export type { LoggingInput, LoggingSettings, LogHandler, LogThreshold } from "./settings.ts";
