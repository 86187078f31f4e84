import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { AppConfig } from "@tsjango/kernel/apps";
import { Http404 } from "../exceptions.ts";
import { FileResponse } from "../http/file-response.ts";
import type { HttpRequest } from "../http/request.ts";
import type { BaseResponse } from "../http/response.ts";
import { HttpResponseNotAllowed } from "../http/responses.ts";
import { resolveInside } from "../utils/resolve-inside.ts";

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
    if (file === undefined || !(await stat(file)).isFile()) continue;
    const response = new FileResponse(file, { headers: { "cache-control": "no-cache" } });
    await response.prepare(request);
    return response;
  }
  throw new Http404(`No installed app has the static file ${JSON.stringify(name)}.`);
}
