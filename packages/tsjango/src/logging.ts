export {
  LOG_LEVELS,
  type LogFields,
  type Logger,
  type LoggingInput,
  type LogHandler,
  type LogLevel,
  type LogMethod,
  type LogRecord,
  type LogThreshold,
  logger,
  redirectLogs,
} from "@tsjango/kernel/logging";
