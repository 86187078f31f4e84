export { accessLine } from "./access-log.ts";
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
  LifespanError,
  ServerError,
} from "./exceptions.ts";
export { importApplication } from "./import-application.ts";
export { createServer, type Server } from "./server.ts";
export { type ServeOptions, serveInProcess } from "./supervisors/single.ts";
export { serveWithWorkers } from "./supervisors/workers.ts";
