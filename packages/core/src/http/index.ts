export {
  BadHeaderError,
  BadRequest,
  DisallowedHost,
  DisallowedRedirect,
  Http404,
  HttpError,
  PermissionDenied,
  RequestDataTooBig,
  SuspiciousOperation,
  TooManyFieldsSent,
  UnawaitedValueError,
  UnreadableBody,
  UnsupportedMediaType,
} from "../exceptions.ts";
export { type CookieOptions, parseCookies, serializeCookie } from "./cookies.ts";
export { isAllowedHost } from "./host.ts";
export { QueryDict } from "./query-dict.ts";
// A star, so that a package may add to the request: `declare module "@tsjango/core/http" { interface HttpRequest … }`.
export * from "./request.ts";
export { currentRequest } from "./request-context.ts";
export {
  BaseResponse,
  type BodyPiece,
  HttpResponse,
  type ResponseOptions,
  StreamingHttpResponse,
} from "./response.ts";
export { ResponseHeaders } from "./response-headers.ts";
export {
  HttpResponseBadRequest,
  HttpResponseForbidden,
  HttpResponseGone,
  HttpResponseNotAllowed,
  HttpResponseNotFound,
  HttpResponseNotModified,
  HttpResponsePermanentRedirect,
  HttpResponseRedirect,
  HttpResponseServerError,
  JsonResponse,
  type JsonResponseOptions,
  type RedirectOptions,
} from "./responses.ts";
export type { SchemaIssue, SchemaResult, StandardSchema } from "./standard-schema.ts";
export { RequestValidationError } from "./validation-error.ts";
