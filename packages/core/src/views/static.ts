import { readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import type { AppConfig } from "@tsjango/kernel/apps";
import { Http404 } from "../exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import { type BaseResponse, HttpResponse } from "../http/response.ts";
import { HttpResponseNotAllowed, HttpResponseNotModified } from "../http/responses.ts";
import { resolveInside } from "../utils/resolve-inside.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".xml": "text/xml; charset=utf-8",
};

/**
 * A static file of an app's `static/` directory, the first app that has it; for development only.
 * @throws Http404 where no app has it, or the name leads elsewhere.
 */
export async function serveStatic(
  request: HttpRequest,
  name: string,
  installedApps: readonly AppConfig[],
): Promise<BaseResponse> {
  if (request.method !== "GET" && request.method !== "HEAD") return new HttpResponseNotAllowed(["GET", "HEAD"]);
  for (const app of installedApps) {
    const file = await resolveInside(join(app.path, "static"), name);
    const response = file && (await fileResponse(request, file));
    if (response) return response;
  }
  throw new Http404(`No installed app has the static file ${JSON.stringify(name)}.`);
}

async function fileResponse(request: HttpRequest, file: string): Promise<BaseResponse | undefined> {
  const stats = await stat(file);
  if (!stats.isFile()) return undefined;
  const modified = stats.mtime.toUTCString();
  const headers = { "last-modified": modified, "cache-control": "no-cache" };
  if (request.header("if-modified-since") === modified) return new HttpResponseNotModified({ headers });
  const contentType = TYPES[extname(file).toLowerCase()] ?? "application/octet-stream";
  return new HttpResponse(await readFile(file), { contentType, headers });
}
