import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import { Route } from "./route.ts";
import type { CheckRoute, Flat, Include, RouteParams, UrlInclude, UrlList, UrlPattern, ViewFunction } from "./types.ts";

/**
 * Mounts patterns below a prefix; its parameters reach the views within.
 * @example
 * path("blog/", include(blogUrls, { namespace: "blog" }));
 */
export function path<const R extends string, L extends UrlList, NS extends string | undefined>(
  route: R & CheckRoute<R>,
  included: Include<L, NS>,
): UrlInclude<R, L, NS>;
/**
 * Maps a route to a view. `<int:year>` in the route is a parameter; the view gets all of
 * them, with those of the prefixes, as its second argument.
 * Source: https://docs.djangoproject.com/en/5.2/ref/urls/#path
 * @throws ImproperlyConfigured for an unknown converter, an unclosed "<", or a view that is no function.
 * @example
 * path("archive/<int:year>/", archive, { name: "archive" });
 */
export function path<const R extends string, const N extends string | undefined = undefined>(
  route: R & CheckRoute<R>,
  view: ViewFunction<Flat<RouteParams<R>>>,
  options?: { readonly name?: N },
): UrlPattern<R, N>;
// The overload for views stands last, as the compiler explains why the last one does not fit.
export function path(
  route: string,
  target: ViewFunction<never> | Include,
  options: { readonly name?: string | undefined } = {},
): UrlPattern | UrlInclude {
  if (typeof target === "function") {
    if (/^class\b/.test(Function.prototype.toString.call(target))) {
      throw new ImproperlyConfigured(
        `path(${JSON.stringify(route)}) was given the class ${target.name}. Write ${target.name}.asView().`,
      );
    }
    return Object.freeze({ route, name: options.name, view: target, compiled: new Route(route, true) });
  }
  if (typeof target === "object" && target !== null && Array.isArray(target.patterns)) {
    return Object.freeze({ route, include: target, compiled: new Route(route, false) });
  }
  const found = Array.isArray(target) ? "an array; write include(…) around it" : describeValue(target);
  throw new ImproperlyConfigured(
    `path(${JSON.stringify(route)}) takes a view function, View.asView() or include(…) as its second argument; found ${found}.`,
  );
}

/**
 * Patterns to be mounted with `path`. With a namespace, their names are reversed as "namespace:name".
 * @example
 * path("blog/", include(blogUrls, { namespace: "blog" })); // reverse("blog:article", …)
 */
export function include<const L extends UrlList, const NS extends string | undefined = undefined>(
  patterns: L,
  options: { readonly namespace?: NS } = {},
): Include<L, NS> {
  if (!Array.isArray(patterns)) {
    throw new ImproperlyConfigured(`include() takes the result of urls(…); found ${describeValue(patterns)}.`);
  }
  if (options.namespace?.includes(":") === true) {
    throw new ImproperlyConfigured(`A namespace cannot contain ":"; found ${JSON.stringify(options.namespace)}.`);
  }
  return Object.freeze({ patterns, namespace: options.namespace as NS });
}

/** A list of URL patterns, tried in order. `export const urlpatterns = urls(path("", index, { name: "index" }));` */
export function urls<const L extends UrlList>(...patterns: L): L {
  return Object.freeze(patterns);
}
