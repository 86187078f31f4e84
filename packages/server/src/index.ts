export { type AccessLogFormat, type AccessRecord, accessLogFormat, DEFAULT_FORMAT } from "./access-log.ts";
export {
  type Bind,
  DEFAULT_BACKLOG,
  type HeldBind,
  holdBind,
  listenError,
  listenOn,
  type OpenBind,
  parseBind,
  urlOf,
} from "./bind.ts";
export {
  DEFAULT_GRACE_PERIOD,
  DEFAULT_HOST,
  DEFAULT_PORT,
  LIMITS,
  type LifespanMode,
  type ServerConfig,
} from "./config.ts";
export {
  AddressUnavailable,
  ApplicationNotFound,
  BootFailed,
  InvalidBind,
  InvalidCertificate,
  InvalidLogFormat,
  LifespanError,
  LogUnavailable,
  ServerError,
} from "./exceptions.ts";
export { importApplication } from "./import-application.ts";
export { LogFile } from "./log-file.ts";
export { createServer, type Server } from "./server.ts";
export {
  type AnsweredRequest,
  defineServer,
  type ServeHooks,
  type ServerFile,
  type SupervisorInfo,
  type WorkerInfo,
} from "./supervisors/hooks.ts";
export { standBehindInit } from "./supervisors/init.ts";
export { tlsOf } from "./supervisors/server-config.ts";
export { DEFAULT_SETTINGS, type ServeOptions, type ServeOutput, type ServeSettings } from "./supervisors/settings.ts";
export { type ReadOptions, supervise } from "./supervisors/supervisor.ts";
export { loadTls, type TlsConfig } from "./tls.ts";
