import type { ViewFunction } from "./types.ts";

/** Which view a path leads to. */
export interface ResolverMatch {
  readonly view: ViewFunction<object>;
  readonly params: Readonly<Record<string, unknown>>;
  /** The pattern's own name: "article". */
  readonly name: string | undefined;
  /** Those of the includes around it, outermost first. */
  readonly namespaces: readonly string[];
  /** The app names of those includes that have one. */
  readonly appNames: readonly string[];
  /** The name as `reverse` takes it, "blog:article"; without a name, the view function's. */
  readonly viewName: string;
  /** The route, with those of its prefixes: "blog/<int:year>/". */
  readonly route: string;
}
