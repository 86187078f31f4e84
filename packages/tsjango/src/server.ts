export {
  type AnsweredRequest,
  createServer,
  defineServer,
  type ServeHooks,
  type Server,
  type ServerConfig,
  type ServerFile,
  type ServeSettings,
  type SupervisorInfo,
  type WorkerInfo,
} from "@tsjango/server";
