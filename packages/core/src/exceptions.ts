import { TsjangoError } from "@tsjango/kernel/exceptions";
import { frameText, type SourceFrame } from "./utils/source-frame.ts";

/** An error that the handler answers with `status` instead of 500. Its message is shown only when `debug` is on. */
export class HttpError extends TsjangoError {
  static override readonly code: string = "http_error";
  static readonly status: number = 500;
  /** The status of the answer. */
  get status(): number {
    return (this.constructor as typeof HttpError).status;
  }
}

/** Throw it in a view to answer 404: `throw new Http404("No such book.")`. */
export class Http404 extends HttpError {
  static override readonly code: string = "http_404";
  static override readonly status: number = 404;
}

/** No URL pattern matches the path. `tried` lists the routes, in order, for the development 404 page. */
export class Resolver404 extends Http404 {
  static override readonly code: string = "resolver_404";
  readonly path: string;
  readonly tried: readonly string[];
  constructor(path: string, tried: readonly string[]) {
    super(`No URL pattern matches ${JSON.stringify(path)}.`);
    this.path = path;
    this.tried = tried;
  }
}

/** Throw it in a view to answer 403. */
export class PermissionDenied extends HttpError {
  static override readonly code: string = "permission_denied";
  static override readonly status: number = 403;
}

/** The request is malformed; answered with 400. */
export class BadRequest extends HttpError {
  static override readonly code: string = "bad_request";
  static override readonly status: number = 400;
}

/** Something only an attacker or a broken client sends; answered with 400. */
export class SuspiciousOperation extends BadRequest {
  static override readonly code: string = "suspicious_operation";
}

/** The `Host` header is not one of `allowedHosts`. */
export class DisallowedHost extends SuspiciousOperation {
  static override readonly code: string = "disallowed_host";
}

/** A redirect to a scheme other than http, https or ftp, or to an overlong address. */
export class DisallowedRedirect extends SuspiciousOperation {
  static override readonly code: string = "disallowed_redirect";
}

/** A query string or form with more fields than `dataUploadMaxNumberFields`. */
export class TooManyFieldsSent extends SuspiciousOperation {
  static override readonly code: string = "too_many_fields_sent";
}

/** A form with more files than `dataUploadMaxNumberFiles`. */
export class TooManyFilesSent extends SuspiciousOperation {
  static override readonly code: string = "too_many_files_sent";
}

/** A multipart body that is malformed or breaks off. */
export class MultiPartParserError extends BadRequest {
  static override readonly code: string = "multipart_parser";
}

/** A signed value that was changed, or signed with another key. */
export class BadSignature extends SuspiciousOperation {
  static override readonly code: string = "bad_signature";
}

/** A signed value that is older than it may be. */
export class SignatureExpired extends BadSignature {
  static override readonly code: string = "signature_expired";
}

/** A body larger than `dataUploadMaxMemorySize`; answered with 413. */
export class RequestDataTooBig extends SuspiciousOperation {
  static override readonly code: string = "request_data_too_big";
  static override readonly status: number = 413;
}

/** A body of another media type than the view reads; answered with 415. */
export class UnsupportedMediaType extends BadRequest {
  static override readonly code: string = "unsupported_media_type";
  static override readonly status: number = 415;
}

/** A body was read twice in ways that exclude each other. */
export class UnreadableBody extends BadRequest {
  static override readonly code: string = "unreadable_body";
}

/** The client went away while it was sending the body; nobody sees the answer, and nothing is logged. */
export class RequestAborted extends UnreadableBody {
  static override readonly code: string = "request_aborted";
}

/** A header name or value that may not be sent, such as one with a line break. */
export class BadHeaderError extends TsjangoError {
  static override readonly code: string = "bad_header";
}

/** A change to what a request says: its `query`, a form. */
export class ImmutableQueryDict extends TsjangoError {
  static override readonly code: string = "immutable_query_dict";
}

/** An uploaded file that was moved, or whose request is over. */
export class UploadUnavailable extends TsjangoError {
  static override readonly code: string = "upload_unavailable";
}

/** A file that is already where an uploaded one is to go. */
export class FileExists extends TsjangoError {
  static override readonly code: string = "file_exists";
}

/** A Promise or QuerySet stands where its awaited value is meant. */
export class UnawaitedValueError extends TsjangoError {
  static override readonly code: string = "unawaited";
}

/** A response was given something that cannot be sent. */
export class InvalidContent extends TsjangoError {
  static override readonly code: string = "invalid_content";
}

/** A view gave back something that is no response. */
export class InvalidViewResult extends TsjangoError {
  static override readonly code: string = "invalid_view_result";
}

/** An ASGI event that is not valid at this point of the exchange. */
export class AsgiProtocolError extends TsjangoError {
  static override readonly code: string = "asgi_protocol";
}

/** The client went away before the response was complete. */
export class ClientDisconnected extends TsjangoError {
  static override readonly code: string = "client_disconnected";
}

/** `reverse` found no URL pattern of that name and those parameters. */
export class NoReverseMatch extends TsjangoError {
  static override readonly code: string = "no_reverse_match";
}

/** In development: a form was sent to a path without the "/" at its end, from where it cannot be sent on. */
export class AppendSlashError extends TsjangoError {
  static override readonly code: string = "append_slash";
}

/** The base of what is wrong with a page's number. */
export class InvalidPage extends TsjangoError {
  static override readonly code: string = "invalid_page";
}

/** A page's number is no whole number. */
export class PageNotAnInteger extends InvalidPage {
  static override readonly code: string = "page_not_an_integer";
}

/** There is no page of that number. */
export class EmptyPage extends InvalidPage {
  static override readonly code: string = "empty_page";
}

/** A middleware is not wanted with these settings: thrown while it is made, it leaves the ring out. */
export class MiddlewareNotUsed extends TsjangoError {
  static override readonly code: string = "middleware_not_used";
}

/** The content of a TemplateResponse was read before it was rendered. */
export class ContentNotRenderedError extends TsjangoError {
  static override readonly code: string = "content_not_rendered";
}

/** No template of that name exists in any template directory. */
export class TemplateDoesNotExist extends TsjangoError {
  static override readonly code: string = "template_does_not_exist";
}

/** A template that cannot be parsed or rendered; the message names its file and line. */
export class TemplateError extends TsjangoError {
  static override readonly code: string = "template_error";
  /** The place in the template, with the lines around it. */
  readonly frame: SourceFrame | undefined;
  constructor(message: string, options: ErrorOptions & { readonly frame?: SourceFrame | undefined } = {}) {
    super(message, options);
    this.frame = options.frame;
    // For the terminal and the log: the template's lines stand before those of the engine.
    if (this.frame !== undefined) this.stack = `${this.name}: ${message}\n${frameText(this.frame)}\n${this.stack}`;
  }
}

/** The other side closed a WebSocket, or refused it; `closeCode` says why, or the answer's `status` and `body`. */
export class WebSocketClosed extends TsjangoError {
  static override readonly code: string = "websocket_closed";
  readonly closeCode: number;
  readonly reason: string;
  /** The HTTP status of a handshake that was refused. */
  readonly status?: number;
  /** The body of that answer. */
  readonly body?: string;
  constructor(message: string, closeCode: number, reason = "", options?: ErrorOptions) {
    super(message, options);
    this.closeCode = closeCode;
    this.reason = reason;
  }
}
