import type { CompiledRoute, RouteParts } from "./route.ts";
import type { UrlEntry, UrlInclude, UrlList, UrlPattern } from "./types.ts";

/** A named pattern, flattened out of its includes. */
export interface NamedRoute {
  /** With namespaces: "blog:article". */
  readonly name: string;
  /** What its path is made of. A pattern with parts that may be missing is several of these. */
  readonly parts: RouteParts;
  readonly route: string;
  /** Its routes with those of its prefixes, where a made path must be matched again. */
  readonly verify: readonly CompiledRoute[] | undefined;
  /** Parameters that are no part of the path. */
  readonly extra: Readonly<Record<string, unknown>> | undefined;
}

/** A pattern with a view, flattened out of its includes. */
export interface RouteLine {
  readonly route: string;
  readonly namespaces: readonly string[];
  readonly pattern: UrlPattern;
}

/** Where a list of patterns is mounted: the namespaces that lead to it. */
export interface Mount {
  readonly patterns: UrlList;
  readonly namespaces: readonly string[];
  /** The routes that lead to it. */
  readonly prefix: string;
}

/** Whether an entry mounts patterns. */
export function isInclude(entry: UrlEntry): entry is UrlInclude {
  return "include" in entry;
}

function inner(namespaces: readonly string[], { include }: UrlInclude): readonly string[] {
  return include.namespace === undefined ? namespaces : [...namespaces, include.namespace];
}

/** Every route of the patterns, in order, with what stands before it. */
export function* listRoutes(
  entries: readonly UrlEntry[],
  prefix: string,
  namespaces: readonly string[],
): Generator<RouteLine> {
  for (const entry of entries) {
    const route = prefix + entry.route;
    if (isInclude(entry))
      yield* listRoutes(entry.include.patterns as readonly UrlEntry[], route, inner(namespaces, entry));
    else yield { route, namespaces, pattern: entry };
  }
}

interface Prefix {
  readonly namespaces: readonly string[];
  readonly routes: readonly CompiledRoute[];
  readonly route: string;
}

/** All named patterns, in order. */
export function* listNamed(
  entries: readonly UrlEntry[],
  prefix: Prefix = { namespaces: [], routes: [], route: "" },
): Generator<NamedRoute> {
  for (const entry of entries) {
    const routes = [...prefix.routes, entry.compiled];
    const route = prefix.route + entry.route;
    if (isInclude(entry)) {
      const namespaces = inner(prefix.namespaces, entry);
      yield* listNamed(entry.include.patterns as readonly UrlEntry[], { namespaces, routes, route });
    } else if (entry.name !== undefined) {
      const name = [...prefix.namespaces, entry.name].join(":");
      const verify = routes.some((compiled) => compiled.verify) ? routes : undefined;
      for (const parts of combined(routes)) yield { name, parts, route, verify, extra: entry.extra };
    }
  }
}

/** Every template of the first route with every one of the next, and so on. */
function combined(routes: readonly CompiledRoute[]): RouteParts[] {
  return routes.reduce<RouteParts[]>(
    (before, { templates }) => before.flatMap((parts) => templates.map((own) => [...parts, ...own])),
    [[]],
  );
}

/** Every included list of patterns, with where it is mounted. */
export function* listMounts(
  entries: readonly UrlEntry[],
  namespaces: readonly string[],
  prefix = "",
): Generator<Mount> {
  yield { patterns: entries, namespaces, prefix };
  for (const entry of entries) {
    if (!isInclude(entry)) continue;
    yield* listMounts(entry.include.patterns as readonly UrlEntry[], inner(namespaces, entry), prefix + entry.route);
  }
}
