export type { CacheDirectives } from "../utils/cache-control.ts";
export {
  type Conditions,
  cacheControl,
  condition,
  conditionalPage,
  etag,
  gzipPage,
  lastModified,
  neverCache,
  varyOnCookie,
  varyOnHeaders,
} from "./decorators/http.ts";
export { requireGet, requireMethods, requirePost, requireSafe } from "./decorators/methods.ts";
export {
  cspOverride,
  cspReportOnlyOverride,
  csrfExempt,
  csrfProtect,
  ensureCsrfCookie,
  xframeOptionsDeny,
  xframeOptionsExempt,
  xframeOptionsSameorigin,
} from "./decorators/security.ts";
export { noAppendSlash } from "./decorators/slash.ts";
export {
  type JsonInput,
  type JsonTypes,
  type JsonView,
  type JsonViewOptions,
  jsonView,
  type SchemaOutput,
} from "./json-view.ts";
export { View, type ViewResult } from "./view.ts";
