import type { Settings } from "@tsjango/kernel/conf";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { didYouMean } from "@tsjango/kernel/utils";
import { Http404 } from "../exceptions.ts";
import { contentTypeOf } from "../http/content-types.ts";
import { FileResponse } from "../http/file-response.ts";
import type { HttpRequest } from "../http/request.ts";
import type { BaseResponse } from "../http/response.ts";
import { HttpResponseNotAllowed } from "../http/responses.ts";
import type {} from "../settings.ts";
import { acceptsEncoding } from "../utils/accept-encoding.ts";
import { patchVary } from "../utils/vary.ts";
import { filesBelow, findStaticFile } from "./finders.ts";
import { readManifest, type StaticManifest, staticRootOf } from "./manifest.ts";

/** The static files of a running site. */
export interface StaticFiles {
  /** The address of a file: `url("blog/style.css")` is "/static/blog/style.3f2a9c1b0d4e.css" once it is collected. */
  url(name: string): string;
  /** Whether the path of a request is that of a static file; then `serve` answers it. */
  matches(path: string): boolean;
  /** @throws Http404 */
  serve(request: HttpRequest): Promise<BaseResponse>;
}

/** Addresses without hashes, for who has no site. */
export function plainStaticUrl(staticUrl: string): (name: string) => string {
  return (name) => staticUrl + name.split("/").map(encodeURIComponent).join("/");
}

/** The encodings that files are compressed in, best first. */
const ENCODINGS = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;

const A_YEAR = "public, max-age=31536000, immutable";
const A_MINUTE = "public, max-age=60";

function refuseMethod(request: HttpRequest): BaseResponse | undefined {
  return request.method === "GET" || request.method === "HEAD"
    ? undefined
    : new HttpResponseNotAllowed(["GET", "HEAD"]);
}

/**
 * Static files as the settings have them served: with `debug` from where they stand, looked up at each request; without
 * it from `staticRoot` as `collectstatic` left it, compressed where the browser takes that, hashed names for ever.
 */
export async function loadStaticFiles(settings: Settings): Promise<StaticFiles> {
  const { staticUrl, debug } = settings;
  const plain = plainStaticUrl(staticUrl);
  const isPath = staticUrl.startsWith("/");
  const nameOf = (request: HttpRequest) => request.pathInfo.slice(staticUrl.length);
  const matches = (path: string) => isPath && path.startsWith(staticUrl);
  if (debug) return { url: plain, matches, serve: (request) => serveFound(request, nameOf(request), settings) };
  const manifest = await readManifest(settings);
  // Nothing was collected: the addresses are another server's, or of no use.
  if (manifest === undefined) return { url: plain, matches: () => false, serve: () => Promise.reject(new Http404()) };
  const files = new Map((await filesBelow(staticRootOf(settings))).map(({ name, path }) => [name, path]));
  const hashed = new Set(manifest.values());
  return {
    url: (name) => plain(hashedName(name, manifest)),
    matches,
    serve: (request) => serveCollected(request, nameOf(request), files, hashed),
  };
}

function hashedName(name: string, manifest: StaticManifest): string {
  const [, path = "", rest = ""] = /^([^?#]*)(.*)$/s.exec(name) ?? [];
  const hashed = manifest.get(path);
  if (hashed !== undefined) return hashed + rest;
  throw new ImproperlyConfigured(
    `There is no static file ${JSON.stringify(name)} among those that were collected.${didYouMean(name, [...manifest.keys()])} ` +
      "Run: tsjango collectstatic",
  );
}

async function serveFound(request: HttpRequest, name: string, settings: Settings): Promise<BaseResponse> {
  const refused = refuseMethod(request);
  if (refused !== undefined) return refused;
  const file = await findStaticFile(name, settings);
  if (file === undefined) throw new Http404(`No installed app has the static file ${JSON.stringify(name)}.`);
  const response = new FileResponse(file, { headers: { "cache-control": "no-cache" } });
  await response.prepare(request);
  return response;
}

async function serveCollected(
  request: HttpRequest,
  name: string,
  files: ReadonlyMap<string, string>,
  hashed: ReadonlySet<string>,
): Promise<BaseResponse> {
  const refused = refuseMethod(request);
  if (refused !== undefined) return refused;
  const path = files.get(name);
  if (path === undefined) throw new Http404(`There is no static file ${JSON.stringify(name)}.`);
  const available = ENCODINGS.filter(([, extension]) => files.has(name + extension));
  const accepted = request.header("accept-encoding");
  const chosen = available.find(([encoding]) => acceptsEncoding(accepted, encoding));
  const response = new FileResponse(chosen === undefined ? path : (files.get(name + chosen[1]) as string), {
    contentType: contentTypeOf(name),
    headers: { "cache-control": hashed.has(name) ? A_YEAR : A_MINUTE },
  });
  if (chosen !== undefined) response.headers.set("content-encoding", chosen[0]);
  if (available.length > 0) patchVary(response.headers, "Accept-Encoding");
  await response.prepare(request);
  return response;
}

let active: StaticFiles | undefined;

/** Puts a site's static files in force, for `staticUrl`. */
export function setStaticFiles(files: StaticFiles): void {
  active = files;
}

/**
 * The address of a static file, as `{% static %}` writes it.
 * @throws ImproperlyConfigured before the application is made, and for a file that was not collected.
 * @example
 * staticUrl("blog/logo.png"); // "/static/blog/logo.3f2a9c1b0d4e.png" in production
 */
export function staticUrl(name: string): string {
  if (active !== undefined) return active.url(name);
  throw new ImproperlyConfigured(
    "Static files are not set up yet. They are when the application is made by getAsgiApplication(settings).",
  );
}
