import type { HttpRequest } from "../http/request.ts";
import { type BaseResponse, HttpResponse, StreamingHttpResponse } from "../http/response.ts";
import { acceptsEncoding } from "../utils/accept-encoding.ts";
import { gzipBytes, gzipPieces } from "../utils/gzip.ts";
import { patchVary } from "../utils/vary.ts";
import type { Middleware } from "./middleware.ts";

/** Shorter ones do not get smaller. */
const SHORTEST = 200;

function weaken(response: BaseResponse): void {
  const etag = response.headers.get("etag");
  // Compressed, the same page differs byte by byte: its tag is a weak one.
  if (etag?.startsWith('"') === true) response.headers.set("etag", `W/${etag}`);
}

/** The response compressed, where the client takes it and it gets smaller. */
export async function gzipResponse(request: HttpRequest, response: BaseResponse): Promise<BaseResponse> {
  if (response instanceof HttpResponse && Buffer.byteLength(response.content) < SHORTEST) return response;
  if (response.headers.has("content-encoding")) return response;
  if (response.status === 204 || response.status === 206 || response.status === 304) return response;
  patchVary(response.headers, "Accept-Encoding");
  if (!acceptsEncoding(request.header("accept-encoding"), "gzip")) return response;
  if (response instanceof StreamingHttpResponse) {
    response.streamingContent = gzipPieces(response.streamingContent);
    response.headers.delete("content-length");
    response.headers.set("content-encoding", "gzip");
    weaken(response);
    return response;
  }
  if (!(response instanceof HttpResponse)) return response;
  const content = await gzipBytes(response.content);
  if (content.byteLength >= Buffer.byteLength(response.content)) return response;
  response.content = content;
  response.headers.set("content-length", String(content.byteLength));
  response.headers.set("content-encoding", "gzip");
  weaken(response);
  return response;
}

/**
 * Compresses responses of 200 bytes and more for clients that take gzip, each with padding of random length, as a page's
 * compressed size may tell what it holds. Place it before what reads or writes bodies.
 * Source: https://docs.djangoproject.com/en/5.2/ref/middleware/#module-django.middleware.gzip
 */
export function gzip(): Middleware {
  function gzipMiddleware(next: Parameters<Middleware>[0]) {
    return async function gzip(request: HttpRequest) {
      return gzipResponse(request, await next(request));
    };
  }
  return Object.assign(gzipMiddleware, { provides: ["gzip"] });
}
