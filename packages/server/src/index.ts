export { accessLine } from "./access-log.ts";
export {
  DEFAULT_GRACE_PERIOD,
  DEFAULT_HOST,
  DEFAULT_PORT,
  LIMITS,
  type LifespanMode,
  type ServerConfig,
  urlOf,
} from "./config.ts";
export { AddressUnavailable, ApplicationNotFound, BootFailed, LifespanError, ServerError } from "./exceptions.ts";
export { importApplication } from "./import-application.ts";
export { createServer, listenError, type Server } from "./server.ts";
export { type ServeOptions, serveInProcess } from "./supervisors/single.ts";
export { serveWithWorkers } from "./supervisors/workers.ts";
