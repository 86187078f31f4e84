export { type CommonOptions, common } from "./common.ts";
export type { Handler, Middleware } from "./middleware.ts";
export { type SecurityOptions, security } from "./security.ts";
