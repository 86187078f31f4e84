import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { editDistance } from "@tsjango/kernel/utils";
import { NoReverseMatch } from "../exceptions.ts";
import { currentRequest } from "../http/request-context.ts";
import { toMounts } from "./namespaces.ts";
import type { UrlResolver } from "./resolver.ts";
import type { ResolverMatch } from "./resolver-match.ts";
import type { CompiledRoute } from "./route.ts";
import type { NamedRoute } from "./routes.ts";
import type { ReverseOptions, RouteArguments, RouteName, RoutesOf, UrlList } from "./types.ts";

let active: UrlResolver | undefined;

/** Puts a site's URL patterns in force for `reverse` and `resolve`; `getAsgiApplication` calls it. */
export function setUrlResolver(resolver: UrlResolver): void {
  active = resolver;
}

/** The URL patterns in force. Throws ImproperlyConfigured before they are loaded. */
export function getUrlResolver(): UrlResolver {
  if (active !== undefined) return active;
  throw new ImproperlyConfigured(
    "The URL patterns are not loaded yet. They are when the application is made by getAsgiApplication(settings), " +
      'or after "await loadUrlconf(settings)" from "tsjango/urls".',
  );
}

/** The view and parameters of a path. Throws Resolver404. */
export function resolve(path: string): ResolverMatch {
  return getUrlResolver().resolve(path);
}

/**
 * The path of a named URL pattern. Once the project registers its urlconf, name and parameters are checked by the compiler.
 * Source: https://docs.djangoproject.com/en/5.2/ref/urlresolvers/#reverse
 * @throws NoReverseMatch naming the nearest names, or the parameters that are needed.
 * @example
 * reverse("blog:article", { year: 2026, slug: "x" }); // "/blog/2026/x/"
 * reverse("search", {}, { query: { q: "tea" } }); // "/search/?q=tea"
 */
export function reverse<N extends RouteName>(name: N, ...rest: RouteArguments<N>): string {
  const [params, options] = rest as [Readonly<Record<string, unknown>>?, ReverseOptions?];
  return reverseIn(getUrlResolver(), name, params, options);
}

/** `reverse`, for a name that is only known at run time. */
export function reverseIn(
  resolver: UrlResolver,
  name: string,
  params: Readonly<Record<string, unknown>> = {},
  options: ReverseOptions = {},
): string {
  const mounted = name.includes(":") ? toMounts(resolver.namespaces, name, options.currentApp) : name;
  const candidates = resolver.named.get(mounted);
  if (candidates === undefined) throw new NoReverseMatch(unknownName(name, [...resolver.named.keys()]));
  // The last pattern of a name counts first, as in Django.
  for (let at = candidates.length - 1; at >= 0; at--) {
    const path = fill(candidates[at] as NamedRoute, params);
    // Below the place where the request's application is mounted.
    if (path !== undefined) return (currentRequest()?.scope.rootPath ?? "") + path + suffix(options);
  }
  const given = JSON.stringify(params, (_key, value) => (typeof value === "bigint" ? `${value}n` : value));
  const routes = [...new Set(candidates.map(({ route }) => JSON.stringify(route)))].join(", ");
  throw new NoReverseMatch(`reverse("${name}") has no match for the parameters ${given}. Tried: ${routes}.`);
}

function fill({ parts, verify, extra }: NamedRoute, params: Readonly<Record<string, unknown>>): string | undefined {
  let path = "/";
  let used = 0;
  for (const part of parts) {
    if (typeof part === "string") {
      path += part;
      continue;
    }
    if (!Object.hasOwn(params, part.name)) return undefined;
    const text = part.converter.format(params[part.name]);
    if (text === undefined || !part.shape.test(text)) return undefined;
    path += text;
    used++;
  }
  const names = Object.keys(params);
  if (names.length > used && !names.every((name) => isPart(name, parts) || isExtra(name, params, extra)))
    return undefined;
  if (verify !== undefined && !matchesAll(verify, path)) return undefined;
  const encoded = encode(path);
  // A path that starts with two slashes would be read as a host.
  return encoded.startsWith("//") ? `/%2F${encoded.slice(2)}` : encoded;
}

function isPart(name: string, parts: NamedRoute["parts"]): boolean {
  return parts.some((part) => typeof part !== "string" && part.name === name);
}

/** Whether a parameter is what the pattern gives its view in any case. */
function isExtra(name: string, params: Readonly<Record<string, unknown>>, extra: NamedRoute["extra"]): boolean {
  if (params[name] === undefined) return true;
  return extra !== undefined && Object.hasOwn(extra, name) && extra[name] === params[name];
}

function matchesAll(routes: readonly CompiledRoute[], path: string): boolean {
  let at: number | undefined = 1;
  for (const route of routes) {
    at = route.match(path, at)?.end;
    if (at === undefined) return false;
  }
  return true;
}

/** Percent-encodes what a path cannot hold; the safe characters are Django's. */
function encode(text: string): string {
  if (/^[\w\-.!~*'()/:@$&+,;=]*$/.test(text)) return text;
  return encodeURIComponent(text.toWellFormed()).replace(/%(2F|3A|40|24|26|2B|2C|3B|3D)/g, decodeURIComponent);
}

function suffix({ query, fragment }: ReverseOptions): string {
  let text = "";
  if (query !== undefined) {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      for (const item of Array.isArray(value) ? value : [value]) search.append(name, String(item));
    }
    if (search.size > 0) text += `?${search}`;
  }
  return fragment === undefined ? text : `${text}#${encodeURIComponent(fragment)}`;
}

function unknownName(name: string, known: readonly string[]): string {
  if (known.length === 0) return `reverse("${name}"): no URL pattern has a name.`;
  const distance = (other: string) => editDistance(name.toLowerCase(), other.toLowerCase());
  const near = known
    .filter((other) => distance(other) <= Math.max(2, name.length / 3) || other.endsWith(`:${name}`))
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, 3);
  const hint = near.length > 0 ? ` Did you mean ${near.map((other) => `"${other}"`).join(" or ")}?` : "";
  return `reverse("${name}"): no URL pattern has this name.${hint}`;
}

/**
 * `reverse` for the names of a package's own patterns, wherever a project mounts them: below the current request's
 * namespace if it lies in them, else at their only mount.
 * @throws NoReverseMatch where they are mounted nowhere, or more than once and no request tells which is meant.
 * @example
 * const own = reverseFor(() => urlpatterns);
 * own("article", { year: 2026, slug: "x" });
 */
export function reverseFor<const L extends UrlList>(
  patterns: () => L,
): <N extends RouteName<RoutesOf<L>>>(name: N, ...rest: RouteArguments<N, RoutesOf<L>>) => string {
  return function reverseOwn(name, ...rest) {
    const resolver = getUrlResolver();
    const own = patterns();
    const mounts = [...resolver.mounts()].filter((mount) => mount.patterns === own);
    const here = currentRequest()?.resolverMatch?.namespaces ?? [];
    const mount =
      mounts.find(
        ({ namespaces }) => namespaces.every((space, index) => here[index] === space) && namespaces.length > 0,
      ) ?? (mounts.length === 1 ? mounts[0] : undefined);
    if (mount === undefined) {
      throw new NoReverseMatch(
        mounts.length === 0
          ? `reverseFor: the patterns that have "${name}" are not mounted in the site's urlpatterns.`
          : `reverseFor: the patterns that have "${name}" are mounted ${mounts.length} times ` +
              `(${mounts.map(({ namespaces }) => namespaces.join(":") || "without namespace").join(", ")}), ` +
              "and no current request tells which is meant.",
      );
    }
    const [params, options] = rest as [Readonly<Record<string, unknown>>?, ReverseOptions?];
    return reverseIn(resolver, [...mount.namespaces, name].join(":"), params, options);
  };
}
