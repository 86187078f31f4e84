import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import { RegexRoute } from "./regex-route.ts";
import { type CompiledRoute, Route } from "./route.ts";
import type {
  CheckRoute,
  Entry,
  ExtraOf,
  Flat,
  GroupParams,
  Include,
  NameOf,
  RegexEntry,
  RouteParams,
  UrlInclude,
  UrlList,
  UrlPattern,
  ViewFunction,
} from "./types.ts";

/** What a pattern may be told. */
export interface PathOptions {
  /** For `reverse`. */
  readonly name?: string | undefined;
  /** Parameters that the view gets besides those of the route, for a view that several routes share. */
  readonly extra?: object | undefined;
}

type Target<P, L extends UrlList, NS extends string | undefined, A extends string | undefined> =
  | ViewFunction<P>
  | Include<L, NS, A>;

/**
 * Maps a route to a view, or mounts patterns below it. `<int:year>` in the route is a parameter; the view gets all of
 * them, with those of the prefixes, as its second argument.
 * Source: https://docs.djangoproject.com/en/5.2/ref/urls/#path
 * @throws ImproperlyConfigured for an unknown converter, an unclosed "<", or a view that is no function.
 * @example
 * path("archive/<int:year>/", archive, { name: "archive" });
 * path("blog/", include(blogUrls, { namespace: "blog" }));
 */
// Two signatures told apart by their length: in both, the view is inferred from the route, through decorators too.
export function path<
  const R extends string,
  L extends UrlList = never,
  NS extends string | undefined = undefined,
  A extends string | undefined = undefined,
>(route: R & CheckRoute<R>, target: Target<Flat<RouteParams<R>>, L, NS, A>): Entry<R, undefined, L, NS, A>;
export function path<
  const R extends string,
  const O extends PathOptions,
  L extends UrlList = never,
  NS extends string | undefined = undefined,
  A extends string | undefined = undefined,
>(
  route: R & CheckRoute<R>,
  target: Target<Flat<RouteParams<R> & ExtraOf<O>>, L, NS, A>,
  options: O,
): Entry<R, NameOf<O>, L, NS, A>;
export function path(route: string, target: ViewFunction<never> | Include, options: PathOptions = {}): unknown {
  const call = `path(${JSON.stringify(route)})`;
  return entry(call, route, target, options, (whole) => new Route(route, whole));
}

/**
 * Maps a regular expression to a view, or mounts patterns below it. Its named groups are the parameters, as strings; of a
 * source text they are checked by the compiler, of a RegExp they are not. It is searched for in the path without its
 * first "/": write "^", and "$" unless patterns are mounted.
 * Source: https://docs.djangoproject.com/en/5.2/ref/urls/#re-path
 * @throws ImproperlyConfigured for an expression that is not valid, or has groups without names.
 * @example
 * rePath("^articles/(?<year>[0-9]{4})/$", archive, { name: "archive" });
 * rePath("^(?<language>de|en)/", include(siteUrls));
 */
export function rePath<
  const R extends string = string,
  L extends UrlList = never,
  NS extends string | undefined = undefined,
  A extends string | undefined = undefined,
>(pattern: R | RegExp, target: Target<GroupParams<R>, L, NS, A>): RegexEntry<R, undefined, L, NS, A>;
export function rePath<
  const O extends PathOptions,
  const R extends string = string,
  L extends UrlList = never,
  NS extends string | undefined = undefined,
  A extends string | undefined = undefined,
>(
  pattern: R | RegExp,
  target: Target<GroupParams<R, ExtraOf<O>>, L, NS, A>,
  options: O,
): RegexEntry<R, NameOf<O>, L, NS, A>;
export function rePath(
  pattern: string | RegExp,
  target: ViewFunction<never> | Include,
  options: PathOptions = {},
): unknown {
  const compiled = new RegexRoute(pattern);
  const made = entry(`rePath(${String(pattern)})`, compiled.source, target, options, () => compiled);
  const key = "include" in made ? "regexPrefix" : "regex";
  return Object.freeze({ ...made, [key]: compiled.source });
}

function entry(
  call: string,
  route: string,
  target: ViewFunction<never> | Include,
  options: PathOptions,
  compile: (whole: boolean) => CompiledRoute,
): UrlPattern | UrlInclude {
  if (typeof target === "function") {
    if (/^class\b/.test(Function.prototype.toString.call(target))) {
      throw new ImproperlyConfigured(`${call} was given the class ${target.name}. Write ${target.name}.asView().`);
    }
    const extra = options.extra as Readonly<Record<string, unknown>> | undefined;
    return Object.freeze({ route, name: options.name, view: target, extra, compiled: compile(true) });
  }
  if (typeof target === "object" && target !== null && Array.isArray(target.patterns)) {
    return Object.freeze({ route, include: target, compiled: compile(false) });
  }
  const found = Array.isArray(target) ? "an array; write include(…) around it" : describeValue(target);
  throw new ImproperlyConfigured(
    `${call} takes a view function, View.asView() or include(…) as its second argument; found ${found}.`,
  );
}

/**
 * Patterns to be mounted with `path`. With a namespace, their names are reversed as "namespace:name". An app that is
 * mounted several times is given its `appName` too: "app:name" is then the mount that the current request is in.
 * Source: https://docs.djangoproject.com/en/5.2/topics/http/urls/#url-namespaces
 * @example
 * path("blog/", include(blogUrls, { namespace: "blog" })); // reverse("blog:article", …)
 * path("news/", include(blogUrls, { namespace: "news", appName: "blog" }));
 */
export function include<
  const L extends UrlList,
  const NS extends string | undefined = undefined,
  const A extends string | undefined = undefined,
>(
  patterns: L,
  options: { readonly namespace?: NS; readonly appName?: A } = {},
): Include<L, NS extends string ? NS : A, A> {
  if (!Array.isArray(patterns)) {
    throw new ImproperlyConfigured(`include() takes the result of urls(…); found ${describeValue(patterns)}.`);
  }
  const { appName, namespace = appName } = options;
  for (const name of [namespace, appName]) {
    if (name?.includes(":") !== true) continue;
    throw new ImproperlyConfigured(`A namespace cannot contain ":"; found ${JSON.stringify(name)}.`);
  }
  return Object.freeze({ patterns, namespace, appName }) as unknown as Include<L, NS extends string ? NS : A, A>;
}

/** A list of URL patterns, tried in order. `export const urlpatterns = urls(path("", index, { name: "index" }));` */
export function urls<const L extends UrlList>(...patterns: L): L {
  return Object.freeze(patterns);
}
