export { AppendSlashError, MiddlewareNotUsed } from "../exceptions.ts";
export { getCsrfToken, rotateCsrfToken } from "../security/csrf-token.ts";
export { type CommonOptions, common } from "./common.ts";
export { CSRF_UNCHECKED_EXTENSION, csrf } from "./csrf.ts";
export type { Handler, Middleware, MiddlewareHandler, MiddlewareHooks } from "./middleware.ts";
export { type SecurityOptions, security } from "./security.ts";
