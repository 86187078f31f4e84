import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import { Resolver404 } from "../exceptions.ts";
import type { ResolverMatch } from "./resolver-match.ts";
import type { RouteParts } from "./route.ts";
import type { UrlEntry, UrlInclude, UrlList, UrlPattern, ViewFunction } from "./types.ts";

/** A named pattern, flattened out of its includes. */
export interface NamedRoute {
  /** With namespaces: "blog:article". */
  readonly name: string;
  readonly parts: RouteParts;
  readonly route: string;
}

/** Where a list of patterns is mounted: the namespaces that lead to it. */
export interface Mount {
  readonly patterns: UrlList;
  readonly namespaces: readonly string[];
}

/** The URL patterns of a site: finds views by path, and routes by name. */
export class UrlResolver {
  readonly patterns: readonly UrlEntry[];
  #named: ReadonlyMap<string, readonly NamedRoute[]> | undefined;

  /** @throws ImproperlyConfigured for an entry that `path` did not make. */
  constructor(patterns: UrlList) {
    checkEntries(patterns, "urlpatterns");
    this.patterns = patterns as readonly UrlEntry[];
  }

  /** The match for a path that starts with "/". Throws Resolver404 naming the routes that were tried. */
  resolve(path: string): ResolverMatch {
    const match = this.find(path);
    if (match === undefined) throw new Resolver404(path, [...this.routes()]);
    return match;
  }

  /** The match for a path that starts with "/", or undefined. */
  find(path: string): ResolverMatch | undefined {
    return path.charCodeAt(0) === 47 ? matchList(this.patterns, path, 1, TOP) : undefined;
  }

  /** All full routes, in order. */
  routes(): Generator<string> {
    return listRoutes(this.patterns, "");
  }

  /** All named routes by name. */
  get named(): ReadonlyMap<string, readonly NamedRoute[]> {
    this.#named ??= Map.groupBy(listNamed(this.patterns, [], [], ""), (route) => route.name);
    return this.#named;
  }

  /** All places where lists of patterns are mounted, the site's own first. */
  mounts(): Generator<Mount> {
    return listMounts(this.patterns, []);
  }
}

interface Above {
  readonly params: Readonly<Record<string, unknown>> | undefined;
  readonly namespaces: readonly string[];
  readonly route: string;
}

const TOP: Above = Object.freeze({ params: undefined, namespaces: Object.freeze([]), route: "" });

function isInclude(entry: UrlEntry): entry is UrlInclude {
  return "include" in entry;
}

function matchList(entries: readonly UrlEntry[], path: string, at: number, above: Above): ResolverMatch | undefined {
  for (const entry of entries) {
    const found = entry.compiled.match(path, at);
    if (found === undefined) continue;
    const params = above.params === undefined ? found.params : { ...above.params, ...found.params };
    if (!isInclude(entry)) return resolverMatch(entry, params ?? {}, above);
    const { namespace, patterns } = entry.include;
    const match = matchList(patterns as readonly UrlEntry[], path, found.end, {
      params,
      namespaces: namespace === undefined ? above.namespaces : [...above.namespaces, namespace],
      route: above.route + entry.route,
    });
    if (match !== undefined) return match;
  }
  return undefined;
}

function resolverMatch(entry: UrlPattern, params: Readonly<Record<string, unknown>>, above: Above): ResolverMatch {
  const { namespaces } = above;
  const own = entry.name ?? (entry.view.name || "anonymous");
  return {
    view: entry.view as ViewFunction<object>,
    params,
    name: entry.name,
    namespaces,
    viewName: namespaces.length === 0 ? own : `${namespaces.join(":")}:${own}`,
    route: above.route + entry.route,
  };
}

function* listRoutes(entries: readonly UrlEntry[], prefix: string): Generator<string> {
  for (const entry of entries) {
    if (isInclude(entry)) yield* listRoutes(entry.include.patterns as readonly UrlEntry[], prefix + entry.route);
    else yield prefix + entry.route;
  }
}

function* listNamed(
  entries: readonly UrlEntry[],
  namespaces: readonly string[],
  parts: RouteParts,
  route: string,
): Generator<NamedRoute> {
  for (const entry of entries) {
    const inner = [...parts, ...entry.compiled.parts];
    if (isInclude(entry)) {
      const { namespace, patterns } = entry.include;
      const below = namespace === undefined ? namespaces : [...namespaces, namespace];
      yield* listNamed(patterns as readonly UrlEntry[], below, inner, route + entry.route);
    } else if (entry.name !== undefined) {
      yield { name: [...namespaces, entry.name].join(":"), parts: inner, route: route + entry.route };
    }
  }
}

function* listMounts(entries: readonly UrlEntry[], namespaces: readonly string[]): Generator<Mount> {
  yield { patterns: entries, namespaces };
  for (const entry of entries) {
    if (!isInclude(entry)) continue;
    const { namespace, patterns } = entry.include;
    yield* listMounts(
      patterns as readonly UrlEntry[],
      namespace === undefined ? namespaces : [...namespaces, namespace],
    );
  }
}

function checkEntries(patterns: UrlList, where: string): void {
  if (!Array.isArray(patterns)) {
    throw new ImproperlyConfigured(`${where} must be made by urls(…); found ${describeValue(patterns)}.`);
  }
  for (const [index, entry] of patterns.entries()) {
    const compiled = typeof entry === "object" && entry !== null && "compiled" in entry;
    if (!compiled) {
      throw new ImproperlyConfigured(`${where}[${index}] must be made by path(…); found ${describeValue(entry)}.`);
    }
    if (isInclude(entry as UrlEntry)) {
      const { route, include } = entry as UrlInclude;
      checkEntries(include.patterns, `The patterns included at ${JSON.stringify(route)}`);
    }
  }
}
