import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import { Resolver404 } from "../exceptions.ts";
import { Candidates } from "./candidates.ts";
import type { ErrorHandlers } from "./error-handlers.ts";
import { type NamespaceTree, namespaceTree } from "./namespaces.ts";
import type { ResolverMatch } from "./resolver-match.ts";
import { isInclude, listMounts, listNamed, listRoutes, type Mount, type NamedRoute, type RouteLine } from "./routes.ts";
import type { UrlEntry, UrlInclude, UrlList, UrlPattern, ViewFunction } from "./types.ts";

/** The URL patterns of a site: finds views by path, and routes by name. */
export class UrlResolver {
  readonly patterns: readonly UrlEntry[];
  /** The site's own answers to errors, by status. */
  readonly errorHandlers: ErrorHandlers;
  #named: ReadonlyMap<string, readonly NamedRoute[]> | undefined;
  #namespaces: NamespaceTree | undefined;
  readonly #candidates = new WeakMap<UrlList, Candidates>();
  readonly #index: (entries: readonly UrlEntry[]) => Candidates;

  /**
   * @param index Finds the entries of a list that a path may match.
   * @throws ImproperlyConfigured for an entry that `path` did not make.
   */
  constructor(patterns: UrlList, errorHandlers: ErrorHandlers = {}, index = Candidates.of) {
    checkEntries(patterns, "urlpatterns");
    this.patterns = patterns as readonly UrlEntry[];
    this.errorHandlers = errorHandlers;
    this.#index = (entries) => index(entries);
  }

  /** The match for a path that starts with "/". Throws Resolver404 naming the routes that were tried. */
  resolve(path: string): ResolverMatch {
    const match = this.find(path);
    if (match === undefined) throw new Resolver404(path, [...this.routes()]);
    return match;
  }

  /** The match for a path that starts with "/", or undefined. */
  find(path: string): ResolverMatch | undefined {
    return path.charCodeAt(0) === 47 ? this.#match(this.patterns, path, 1, TOP) : undefined;
  }

  /** All full routes, in order. */
  *routes(): Generator<string> {
    for (const { route } of this.lines()) yield route;
  }

  /** All patterns with views, in order, flattened out of their includes. */
  lines(): Generator<RouteLine> {
    return listRoutes(this.patterns, "", []);
  }

  /** All named routes by name. */
  get named(): ReadonlyMap<string, readonly NamedRoute[]> {
    this.#named ??= Map.groupBy(listNamed(this.patterns), (route) => route.name);
    return this.#named;
  }

  /** The namespaces and the apps that are mounted in them. */
  get namespaces(): NamespaceTree {
    this.#namespaces ??= namespaceTree([this.patterns]);
    return this.#namespaces;
  }

  /** All places where lists of patterns are mounted, the site's own first. */
  mounts(): Generator<Mount> {
    return listMounts(this.patterns, []);
  }

  #match(entries: readonly UrlEntry[], path: string, at: number, above: Above): ResolverMatch | undefined {
    let candidates = this.#candidates.get(entries);
    if (candidates === undefined) {
      candidates = this.#index(entries);
      this.#candidates.set(entries, candidates);
    }
    for (const entry of candidates.for(path, at)) {
      const found = entry.compiled.match(path, at);
      if (found === undefined) continue;
      const params = above.params === undefined ? found.params : { ...above.params, ...found.params };
      if (!isInclude(entry)) return resolverMatch(entry, params, above);
      const match = this.#match(
        entry.include.patterns as readonly UrlEntry[],
        path,
        found.end,
        below(above, entry, params),
      );
      if (match !== undefined) return match;
    }
    return undefined;
  }
}

interface Above {
  readonly params: Readonly<Record<string, unknown>> | undefined;
  readonly namespaces: readonly string[];
  readonly appNames: readonly string[];
  readonly route: string;
}

const EMPTY: readonly string[] = Object.freeze([]);
const TOP: Above = Object.freeze({ params: undefined, namespaces: EMPTY, appNames: EMPTY, route: "" });

function below(above: Above, { include, route }: UrlInclude, params: Above["params"]): Above {
  const { namespace, appName } = include;
  return {
    params,
    namespaces: namespace === undefined ? above.namespaces : [...above.namespaces, namespace],
    appNames: appName === undefined ? above.appNames : [...above.appNames, appName],
    route: above.route + route,
  };
}

function resolverMatch(entry: UrlPattern, params: Above["params"], above: Above): ResolverMatch {
  const { namespaces, appNames } = above;
  const own = entry.name ?? (entry.view.name || "anonymous");
  return {
    view: entry.view as ViewFunction<object>,
    params: entry.extra === undefined ? (params ?? {}) : { ...params, ...entry.extra },
    name: entry.name,
    namespaces,
    appNames,
    viewName: namespaces.length === 0 ? own : `${namespaces.join(":")}:${own}`,
    route: above.route + entry.route,
  };
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
