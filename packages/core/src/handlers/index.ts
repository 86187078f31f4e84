export { InvalidViewResult } from "../exceptions.ts";
export { applicationShutdown, applicationStartup } from "../signals.ts";
export { createAsgiApplication } from "./asgi-handler.ts";
export { createHandler } from "./base-handler.ts";
export { buildMiddlewareChain } from "./middleware-chain.ts";
export type { Site } from "./site.ts";
