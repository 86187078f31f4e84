import type { HttpRequest } from "../../http/request.ts";
import { conditionalAnswer, conditionalResponse } from "../../middleware/conditional-get.ts";
import { gzipResponse } from "../../middleware/gzip.ts";
import type { ViewFunction } from "../../urls/types.ts";
import { type CacheDirectives, neverCacheHeaders, patchCacheControl } from "../../utils/cache-control.ts";
import { quoteEtag, type Validators } from "../../utils/conditional.ts";
import { patchVary } from "../../utils/vary.ts";
import { aroundView, changingResponse } from "./around.ts";

type Maybe<T> = T | undefined | null;

/** What tells, without running a view, whether its answer is another than last time. */
export interface Conditions<P> {
  /** A text that changes whenever the answer does; quotes are added. */
  readonly etag?: (request: HttpRequest, params: P) => Maybe<string> | Promise<Maybe<string>>;
  /** When the answer last changed. */
  readonly lastModified?: (request: HttpRequest, params: P) => Maybe<Date> | Promise<Maybe<Date>>;
}

/**
 * Answers 304, or 412, where a request's conditions say so, without running the view.
 * Source: https://docs.djangoproject.com/en/5.2/topics/conditional-view-processing/
 * @example
 * condition({ lastModified: (_request, { id }) => Book.objects.get({ id }).then((book) => book.changed) }, article);
 */
export function condition<P>(conditions: Conditions<P>, view: ViewFunction<P>): ViewFunction<P> {
  return aroundView(view, async (request, params, proceed) => {
    const tag = await conditions.etag?.(request, params);
    const etag = tag === undefined || tag === null ? undefined : quoteEtag(tag);
    const lastModified = (await conditions.lastModified?.(request, params)) ?? undefined;
    const validators: Validators = { etag, lastModified };
    const answer = conditionalAnswer(request, validators);
    if (answer !== undefined) return answer;
    const response = await proceed();
    if (request.method !== "GET" && request.method !== "HEAD") return response;
    if (etag !== undefined) response.headers.setDefault("etag", etag);
    if (lastModified !== undefined) response.headers.setDefault("last-modified", lastModified.toUTCString());
    return response;
  });
}

/** `condition` with a tag only. */
export function etag<P>(of: NonNullable<Conditions<P>["etag"]>, view: ViewFunction<P>): ViewFunction<P> {
  return condition({ etag: of }, view);
}

/** `condition` with a date only. */
export function lastModified<P>(
  of: NonNullable<Conditions<P>["lastModified"]>,
  view: ViewFunction<P>,
): ViewFunction<P> {
  return condition({ lastModified: of }, view);
}

/** What the middleware `conditionalGet` does, for one view. */
export function conditionalPage<P>(view: ViewFunction<P>): ViewFunction<P> {
  return changingResponse(view, conditionalResponse);
}

/** What the middleware `gzip` does, for one view. */
export function gzipPage<P>(view: ViewFunction<P>): ViewFunction<P> {
  return changingResponse(view, gzipResponse);
}

/**
 * Adds to the response's `Cache-Control`.
 * Source: https://docs.djangoproject.com/en/5.2/topics/http/decorators/#caching
 * @example
 * cacheControl({ public: true, maxAge: 3600 }, article);
 */
export function cacheControl<P>(directives: CacheDirectives, view: ViewFunction<P>): ViewFunction<P> {
  return changingResponse(view, (_request, { headers }) => patchCacheControl(headers, directives));
}

/** Has nobody keep the response. */
export function neverCache<P>(view: ViewFunction<P>): ViewFunction<P> {
  return changingResponse(view, (_request, { headers }) => neverCacheHeaders(headers));
}

/** Tells caches which request headers the response depends on. */
export function varyOnHeaders<P>(names: readonly string[], view: ViewFunction<P>): ViewFunction<P> {
  return changingResponse(view, (_request, { headers }) => patchVary(headers, ...names));
}

/** Tells caches that the response depends on the cookies. */
export function varyOnCookie<P>(view: ViewFunction<P>): ViewFunction<P> {
  return varyOnHeaders(["Cookie"], view);
}
