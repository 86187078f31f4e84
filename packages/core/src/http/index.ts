export {
  BadHeaderError,
  BadRequest,
  BadSignature,
  DisallowedHost,
  DisallowedRedirect,
  FileExists,
  Http404,
  HttpError,
  ImmutableQueryDict,
  InvalidContent,
  MultiPartParserError,
  PermissionDenied,
  RequestAborted,
  RequestDataTooBig,
  SignatureExpired,
  SuspiciousOperation,
  TooManyFieldsSent,
  TooManyFilesSent,
  UnawaitedValueError,
  UnreadableBody,
  UnsupportedMediaType,
} from "../exceptions.ts";
export type { AcceptedType } from "./accept.ts";
export { contentTypeOf } from "./content-types.ts";
export { type CookieOptions, parseCookies, serializeCookie } from "./cookies.ts";
export { type EventStreamEvent, type EventStreamOptions, EventStreamResponse } from "./event-stream.ts";
export { FileResponse, type FileResponseOptions, type FileSource } from "./file-response.ts";
export { isAllowedHost } from "./host.ts";
export { MultiValueDict } from "./multi-value-dict.ts";
export { QueryDict } from "./query-dict.ts";
// A star, so that a package may add to the request: `declare module "@tsjango/core/http" { interface HttpRequest … }`.
export * from "./request.ts";
export type { RequestEncoding } from "./request-body.ts";
export { currentRequest } from "./request-context.ts";
export { RequestForm } from "./request-form.ts";
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
export { Signer } from "./signing.ts";
export type { SchemaIssue, SchemaResult, StandardSchema } from "./standard-schema.ts";
export { UploadedFile } from "./uploaded-file.ts";
export { RequestValidationError } from "./validation-error.ts";
