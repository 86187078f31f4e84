export { NoReverseMatch, Resolver404 } from "../exceptions.ts";
export { type Converter, registerConverter } from "./converters.ts";
export type { ErrorHandler, ErrorHandlerExports } from "./error-handlers.ts";
export { loadUrlconf } from "./load-urlconf.ts";
export { include, type PathOptions, path, rePath, urls } from "./path.ts";
export { UrlResolver } from "./resolver.ts";
export type { ResolverMatch } from "./resolver-match.ts";
export { getUrlResolver, resolve, reverse, reverseFor, reverseIn, setUrlResolver } from "./reverse.ts";
// A star, so that `declare module "tsjango/urls" { interface Register … }` reaches the interfaces.
export * from "./types.ts";
