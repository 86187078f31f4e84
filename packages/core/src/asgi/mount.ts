import { AsgiProtocolError } from "../exceptions.ts";
import { percentDecode } from "../utils/percent-decode.ts";
import { routedPath } from "./target.ts";
import type { AsgiApplication, HttpScope, WebSocketScope } from "./types.ts";

/**
 * Puts applications under paths, before a main one that gets the rest and the lifespan. The longest prefix wins; a
 * mounted application sees it as its `rootPath`.
 * @example
 * import { fromFetch, fromNodeListener, mount } from "tsjango/asgi";
 * const site = await getAsgiApplication(settings);
 * export const application = mount({ "/legacy": fromNodeListener(expressApp), "/api": fromFetch(hono.fetch) }, site);
 * @throws AsgiProtocolError for a prefix that is not like "/legacy".
 */
export function mount(applications: Readonly<Record<string, AsgiApplication>>, main: AsgiApplication): AsgiApplication {
  const mounts = Object.entries(applications).map(([prefix, application]) => {
    if (!/^\/.*[^/]$/.test(prefix)) {
      throw new AsgiProtocolError(
        `An application is mounted under a path like "/legacy", with "/" only before it; found ${JSON.stringify(prefix)}.`,
      );
    }
    return { prefix: percentDecode(prefix), application };
  });
  mounts.sort((a, b) => b.prefix.length - a.prefix.length);
  return function mountedApplications(scope, receive, send) {
    if (scope.type !== "lifespan") {
      const path = pathBelow(routedPath(scope.path, scope.rawPath), scope.rootPath);
      for (const { prefix, application } of mounts) {
        if (path === prefix || (path.startsWith(prefix) && path.charCodeAt(prefix.length) === 47) /* "/" */) {
          return application({ ...scope, rootPath: scope.rootPath + prefix }, receive, send);
        }
      }
    }
    return main(scope, receive, send);
  };
}

/** The part of a path below a mount point; the whole where it lies elsewhere. */
export function pathBelow(path: string, rootPath: string): string {
  if (rootPath === "" || !path.startsWith(rootPath)) return path;
  const rest = path.slice(rootPath.length);
  return rest === "" ? "/" : rest.startsWith("/") ? rest : path;
}

/** The path below the mount point and the mount point, both as they were sent. */
export function below(scope: HttpScope | WebSocketScope): { readonly rawPath: string; readonly rawRoot: string } {
  const { rawPath, rootPath } = scope;
  if (rootPath === "" || pathBelow(scope.path, rootPath) === scope.path) return { rawPath, rawRoot: "" };
  // The raw prefix has as many segments; each may be encoded in its own way.
  let end = 0;
  for (let left = rootPath.split("/").length; end < rawPath.length; end++) {
    if (rawPath.charCodeAt(end) === 47 && --left === 0) break;
  }
  const rest = rawPath.slice(end);
  return { rawPath: rest === "" ? "/" : rest, rawRoot: rawPath.slice(0, end) };
}
