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
  ArchiveIndexView,
  DayArchiveView,
  MonthArchiveView,
  TodayArchiveView,
  WeekArchiveView,
  YearArchiveView,
} from "./generic/archive-views.ts";
export { DateDetailView } from "./generic/date-detail-view.ts";
export { type DatedItems, DateListView } from "./generic/date-view.ts";
export { DeleteView } from "./generic/delete-view.ts";
export { DetailView, SingleObjectView } from "./generic/detail-view.ts";
export { type ListData, ListView, MultipleObjectView } from "./generic/list-view.ts";
export type { ModelLike } from "./generic/model-like.ts";
export type { Period, WeekFormat } from "./generic/periods.ts";
export { RedirectView } from "./generic/redirect-view.ts";
export { type Context, TemplateResponseView, TemplateView } from "./generic/template-view.ts";
export {
  type JsonInput,
  type JsonTypes,
  type JsonView,
  type JsonViewOptions,
  jsonView,
  type SchemaOutput,
} from "./json-view.ts";
export { View, type ViewResult } from "./view.ts";
