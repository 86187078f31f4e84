export { NoReverseMatch, Resolver404 } from "../exceptions.ts";
export type { Converter, Converters } from "./converters.ts";
export { loadUrlconf } from "./load-urlconf.ts";
export { include, path, urls } from "./path.ts";
export { UrlResolver } from "./resolver.ts";
export type { ResolverMatch } from "./resolver-match.ts";
export { getUrlResolver, resolve, reverse, reverseFor, reverseIn, setUrlResolver } from "./reverse.ts";
// A star, so that `declare module "tsjango/urls" { interface Register … }` reaches the interface.
export * from "./types.ts";
