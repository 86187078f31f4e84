import { DisallowedRedirect, InvalidContent } from "../exceptions.ts";
import { HttpResponse, type ResponseOptions } from "./response.ts";
import { inspectJson } from "./unawaited.ts";

/** What `JsonResponse` may be told. */
export interface JsonResponseOptions extends ResponseOptions {
  /** Spaces of indentation. */
  readonly indent?: number | undefined;
}

const JSON_OPTIONS: JsonResponseOptions = Object.freeze({ contentType: "application/json" });

/**
 * Data as JSON. A Promise or QuerySet in it throws, naming its key; a bigint is written as a string.
 * @example
 * return new JsonResponse({ books: await Book.objects.values("id", "title") });
 */
export class JsonResponse extends HttpResponse {
  constructor(data: unknown, options: JsonResponseOptions = JSON_OPTIONS) {
    const { hasBigInt } = inspectJson(data, "JsonResponse");
    const replacer = hasBigInt
      ? (_key: string, value: unknown) => (typeof value === "bigint" ? String(value) : value)
      : undefined;
    const text = JSON.stringify(data, replacer, options.indent);
    if (text === undefined) throw new InvalidContent(`JsonResponse cannot write ${String(data)} as JSON.`);
    super(text, options === JSON_OPTIONS ? options : { ...JSON_OPTIONS, ...options });
  }
}

/** What redirects may be told. */
export interface RedirectOptions extends ResponseOptions {
  /** Have the client repeat method and body (307 and 308 instead of 302 and 301). */
  readonly preserveRequest?: boolean | undefined;
}

const MAX_LOCATION = 16_384;

/** The address as a `Location` header takes it. Throws for a scheme that browsers would run. */
function location(to: string | URL): string {
  const text = String(to);
  if (text.length > MAX_LOCATION) {
    throw new DisallowedRedirect(`A redirect to ${text.length} characters is refused; the most are ${MAX_LOCATION}.`);
  }
  // Browsers drop tabs, line breaks and leading control characters before they look for the scheme.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text.replace(/[\x00-\x20\x7f]/g, ""))?.[1]?.toLowerCase();
  if (scheme !== undefined && !["http", "https", "ftp"].includes(scheme)) {
    throw new DisallowedRedirect(`A redirect to the scheme "${scheme}:" is refused.`);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is encoded
  return text.toWellFormed().replace(/[\x00-\x20"<>\\^`{|}\x7f-\uffff]+/g, encodeURIComponent);
}

/**
 * 302: the client goes on to `to` with GET.
 * @throws DisallowedRedirect for a scheme other than http, https or ftp.
 */
export class HttpResponseRedirect extends HttpResponse {
  static override readonly status: number = 302;
  constructor(to: string | URL, options: RedirectOptions = {}) {
    const preserving = new.target.status === 301 ? 308 : 307;
    super("", { ...options, ...(options.preserveRequest === true && { status: preserving }) });
    this.headers.set("location", location(to));
  }
  /** Where to. */
  get url(): string {
    return this.headers.get("location") ?? "";
  }
}

/** 301: the page has moved for good; browsers remember it. */
export class HttpResponsePermanentRedirect extends HttpResponseRedirect {
  static override readonly status: number = 301;
}

/** 304, without body. */
export class HttpResponseNotModified extends HttpResponse {
  static override readonly status: number = 304;
  constructor(options: Omit<ResponseOptions, "contentType"> = {}) {
    super("", options);
    this.headers.delete("content-type");
  }
}

/** 400. */
export class HttpResponseBadRequest extends HttpResponse {
  static override readonly status: number = 400;
}

/** 403. */
export class HttpResponseForbidden extends HttpResponse {
  static override readonly status: number = 403;
}

/** 404. `throw new Http404()` shows the site's own page instead. */
export class HttpResponseNotFound extends HttpResponse {
  static override readonly status: number = 404;
}

/** 405, with the methods that are allowed in `Allow`. */
export class HttpResponseNotAllowed extends HttpResponse {
  static override readonly status: number = 405;
  constructor(permittedMethods: readonly string[], content = "", options: ResponseOptions = {}) {
    super(content, options);
    this.headers.set("allow", permittedMethods.join(", "));
  }
}

/** 410. */
export class HttpResponseGone extends HttpResponse {
  static override readonly status: number = 410;
}

/** 500. */
export class HttpResponseServerError extends HttpResponse {
  static override readonly status: number = 500;
}
